import JSX, { useState } from "@miqro/jsx";

export function ClapCounter({ initial = "0" }) {
  const [claps, setClaps] = useState(Number(initial));
  return (
    <button type="button" aria-label={`Clap, ${claps} so far`} onClick={() => setClaps(claps + 1)}>
      claps: {claps}
    </button>
  );
}
