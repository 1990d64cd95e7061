// The only script tag of the site besides htmx. The page works without it.
export {};
