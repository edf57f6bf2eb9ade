import { policy, readOrders } from "../../orders.js";

export default { policy, handler: async (req, res) => res.json(await readOrders(req.server)) };
