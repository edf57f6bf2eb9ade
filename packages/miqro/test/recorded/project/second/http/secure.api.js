export const apiOptions = { method: ["get", "post"] };

export default (req) => req.session.account;
