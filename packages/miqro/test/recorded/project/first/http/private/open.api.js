export default (req) => `open to ${req.session?.account ?? "everybody"}`;
