// Names of scenarios as parts of file names: plain letters, digits and dashes, on every file system.

/** Words in lower case with dashes between them, at most 60 characters; `scenario` where nothing is left. */
export function slug(text: string): string {
  const words = text.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
  return (
    words
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 60) || 'scenario'
  );
}
