export function openAll() {}
