/** Does `work` as in a function whose local AWS answers at `url`. */
export const atEndpoint = async <Result>(url: string, work: () => Promise<Result>): Promise<Result> => {
  const before = process.env.AWS_ENDPOINT_URL;
  process.env.AWS_ENDPOINT_URL = url;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env.AWS_ENDPOINT_URL;
    else process.env.AWS_ENDPOINT_URL = before;
  }
};
