import { MiddlewareConfig } from "miqro";
export default {
  middleware: [
    // runs before all routes
    async (req, res) => {
      req.startTime = Date.now();
    }
  ],
  post: [
    // runs after all routes
    async (req, res) => {
      req.logger.info("took %dms", Date.now() - req.startTime);
    }
  ]
} as MiddlewareConfig;
