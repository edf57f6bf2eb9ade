import JSX, { useState } from "@miqro/jsx";

async function send(url: string, body: object, token?: string) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail ?? answer.title);
  return answer;
}

/** Signs the author in, then takes new posts. The token lives as long as the page. */
export function PostForm() {
  const [token, setToken] = useState("");
  const [message, setMessage] = useState("");

  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const fields = Object.fromEntries(new FormData(form));
    try {
      if (token === "") {
        setToken((await send("/login", fields)).token);
        setMessage("");
      } else {
        await send("/posts/create", fields, token);
        setMessage("Published.");
      }
      form.reset();
    } catch (error) {
      setMessage(error.message);
    }
  };

  return (
    <form onSubmit={onSubmit}>
      {token === "" ? (
        <label key="password">
          Password <input type="password" name="password" required autocomplete="current-password" />
        </label>
      ) : (
        <fieldset key="post">
          <label>
            Title <input name="title" required maxlength="200" />
          </label>
          <label>
            Content <textarea name="content" required rows="5" />
          </label>
        </fieldset>
      )}
      <button type="submit">{token === "" ? "Sign in to write" : "Publish"}</button>
      <output aria-live="polite">{message}</output>
    </form>
  );
}
