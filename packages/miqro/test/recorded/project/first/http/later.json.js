export default Promise.resolve({ later: true });
