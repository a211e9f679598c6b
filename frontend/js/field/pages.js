// Which pages the phone keeps, and where.
export const FIELD_CACHE = "sp-field";

const KEPT = /^\/field\/(inspection\/|hazard\/|checklists\/(\d+|free)\/)?$/;
export const isFieldPage = (path) => KEPT.test(path);
