exports.hello = async () => ({ statusCode: 200, body: '{"hello":"world"}' });

exports.authorizer = async () => ({
  principalId: 'bench',
  policyDocument: {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: '*' }],
  },
});
