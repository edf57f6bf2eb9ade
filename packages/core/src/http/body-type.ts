/** The content types of the package's own replies. */
export const jsonType = "application/json; charset=utf-8";
export const textType = "text/plain; charset=utf-8";
export const htmlType = "text/html; charset=utf-8";
export const scriptType = "text/javascript; charset=utf-8";
export const binaryType = "application/octet-stream";
export const problemType = "application/problem+json; charset=utf-8";
