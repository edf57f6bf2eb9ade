export default (req) => req.session?.account ?? "nobody";
