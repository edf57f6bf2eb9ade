export const label: string = "clicks";
