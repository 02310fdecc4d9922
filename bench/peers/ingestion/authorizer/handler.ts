export { handler } from '../../../../lambdas/authorizer/handler.ts';
