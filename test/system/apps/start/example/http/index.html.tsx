import JSX from "@miqro/jsx";
export default (req, res) => {
  return <html>
    <body>
      <h1>Good morning</h1>
    </body>
  </html>
}
