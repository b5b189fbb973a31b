// The pages, as a person names what is on them. Stories are told in these words.
export * from "./enrollment.ts";
export * from "./methods.ts";
export * from "./people.ts";
export * from "./tasks.ts";
