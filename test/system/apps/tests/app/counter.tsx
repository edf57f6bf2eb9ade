import JSX, { useState } from "@miqro/jsx";
export function Counter({ initial }) {
  const [n] = useState(initial);
  return <b>{n}</b>;
}
