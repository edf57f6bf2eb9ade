import JSX from "@miqro/jsx";
export default async (req, res) => {
  const posts = await req.server.db.get("mydb")
    .select().from("posts").yield();
  return <html>
    <body>
      {posts.map(p => <h2>{p.title}</h2>)}
    </body>
  </html>
}
