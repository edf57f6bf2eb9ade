import type { ParseIssue } from "@miqro/parser";

const emailPattern =
  /^[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*(?:\.[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*)+$/;

interface Candidate {
  readonly [key: string]: unknown;
}

function isObject(value: unknown): value is Candidate {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isEmail(value: unknown): boolean {
  return typeof value === "string" && value.length <= 254 && emailPattern.test(value);
}

function isRole(value: unknown): boolean {
  return value === "admin" || value === "user" || value === "guest";
}

/** Whether a value is a user, as one would write it for this one type. */
export function checkByHand(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { id, name, age, score, tags, nickname, address } = value;
  if (!Number.isSafeInteger(id)) return false;
  if (typeof name !== "string" || name.length === 0) return false;
  if (!isEmail(value.email)) return false;
  if (age !== undefined && !Number.isSafeInteger(age)) return false;
  if (typeof value.active !== "boolean") return false;
  if (!isRole(value.role)) return false;
  if (!Number.isFinite(score)) return false;
  if (!Array.isArray(tags)) return false;
  for (const tag of tags) if (typeof tag !== "string") return false;
  if (nickname !== null && typeof nickname !== "string") return false;
  if (!isObject(address)) return false;
  if (typeof address.street !== "string" || typeof address.city !== "string") return false;
  for (const key in address) if (!isAddressKey(key)) return false;
  for (const key in value) if (!isUserKey(key)) return false;
  return true;
}

function isAddressKey(key: string): boolean {
  return key === "street" || key === "city";
}

function isUserKey(key: string): boolean {
  switch (key) {
    case "id":
    case "name":
    case "email":
    case "age":
    case "active":
    case "role":
    case "score":
    case "tags":
    case "nickname":
    case "address":
      return true;
    default:
      return false;
  }
}

/** What is wrong with a value, in the words of the parser. */
export function parseByHand(value: unknown): ParseIssue[] {
  const issues: ParseIssue[] = [];
  if (!isObject(value)) {
    issues.push(wrongType("", "object", value));
    return issues;
  }
  const { id, name, email, age, active, role, score, tags, nickname, address } = value;
  if (!Number.isSafeInteger(id)) issues.push(wrongType("id", "integer", id));
  if (typeof name !== "string") issues.push(wrongType("name", "string", name));
  else if (name.length === 0) issues.push(tooShort("name"));
  if (typeof email !== "string") issues.push(wrongType("email", "email", email));
  else if (!isEmail(email)) issues.push(wrongFormat("email", "email"));
  if (age !== undefined && !Number.isSafeInteger(age)) issues.push(wrongType("age", "integer", age));
  if (typeof active !== "boolean") issues.push(wrongType("active", "boolean", active));
  if (!isRole(role)) issues.push(wrongType("role", 'one of "admin", "user" or "guest"', role));
  if (!Number.isFinite(score)) issues.push(wrongType("score", "number", score));
  if (!Array.isArray(tags)) issues.push(wrongType("tags", "array", tags));
  else {
    for (let index = 0; index < tags.length; index++) {
      if (typeof tags[index] !== "string") issues.push(wrongType(`tags.${index}`, "string", tags[index]));
    }
  }
  if (nickname !== null && typeof nickname !== "string") {
    issues.push(wrongType("nickname", "string or null", nickname));
  }
  if (!isObject(address)) issues.push(wrongType("address", "object", address));
  else {
    if (typeof address.street !== "string")
      issues.push(wrongType("address.street", "string", address.street));
    if (typeof address.city !== "string") issues.push(wrongType("address.city", "string", address.city));
    for (const key in address) if (!isAddressKey(key)) issues.push(unknownKey(`address.${key}`));
  }
  for (const key in value) if (!isUserKey(key)) issues.push(unknownKey(key));
  return issues;
}

function wrongType(path: string, expected: string, value: unknown): ParseIssue {
  const received = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  const subject = path === "" ? "The value" : path;
  if (value === undefined) {
    const message = `${subject} is missing: it must be ${withArticle(expected)}.`;
    return { path, code: "missing", expected, received, message };
  }
  const message = `${subject} must be ${withArticle(expected)}, but it is ${withArticle(received)}.`;
  return { path, code: "wrong_type", expected, received, message };
}

function withArticle(word: string): string {
  switch (word) {
    case "integer":
    case "email":
    case "array":
    case "object":
      return `an ${word}`;
    case "null":
      return word;
    default:
      return `a ${word}`;
  }
}

function tooShort(path: string): ParseIssue {
  const message = `${path} must have at least 1 character, but it has 0.`;
  return { path, code: "too_short", expected: "at least 1 character", received: "0", message };
}

function wrongFormat(path: string, expected: string): ParseIssue {
  return {
    path,
    code: "wrong_format",
    expected,
    received: "string",
    message: `${path} is not a valid ${expected}.`,
  };
}

function unknownKey(path: string): ParseIssue {
  const message = `${path} is not a known key: leave it out.`;
  return { path, code: "unknown_key", expected: "no such key", received: JSON.stringify(path), message };
}
