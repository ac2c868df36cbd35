// Stands in for the workers that make pictures and films smaller in a browser: the server does that.
export default {};
export const isVipsSupported = () => false;
