export default (req) => ({ json: req.params.id });
