import { z } from "zod";

/** What the peers without a validator of their own check bodies with. */
export const userSchema = z.object({
  name: z.string().min(1).max(100),
  age: z.int().min(0),
  email: z.string().regex(/^[^@\s]+@[^@\s]+$/),
  tags: z.array(z.string()),
});
