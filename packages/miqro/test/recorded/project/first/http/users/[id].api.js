export default (req) => req.params;
