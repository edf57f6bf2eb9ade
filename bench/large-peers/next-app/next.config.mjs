export default { serverExternalPackages: ["fast-jwt"], compress: false, poweredByHeader: false };
