/** How many bytes blur fetches; the build counts them. */
declare const __BLUR_BYTES__: number;
