import JSX from "@miqro/jsx";
export default (req, res) => (
  <html>
    <body>
      <my-counter initial="0" />
      <live-feed />
      <script src="/js/app.js" />
    </body>
  </html>
);
