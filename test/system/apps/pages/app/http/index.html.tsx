import JSX from "@miqro/jsx";
import { APIOptions } from "miqro";

export const apiOptions: APIOptions = {
  path: ["/", "/index.html"],
  method: ["GET"]
};

export default (req, res) => {
  return <html>
    <body>
      <h1>At {req.path}</h1>
    </body>
  </html>
}
