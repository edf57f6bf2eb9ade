import { jwt } from "miqro";

export default {
  required: false,
  async verify({ token }) {
    const { name, groups } = await jwt.verify(token, process.env.APP_SECRET);
    return { account: "shop", username: name, groups, token };
  },
};
