import { CLOUD_PATHS } from './cloud-paths.js'

/** The environment of an H5 build that uses the cloud on this machine, and has the demo page of it. */
export function localCloudEnv(): Record<string, string> {
  const space = {
    provider: 'aliyun',
    name: 'local',
    id: 'mp-00000000-0000-0000-0000-000000000000',
    clientSecret: 'local',
    apiEndpoint: CLOUD_PATHS.functions,
  }
  return {
    LOCAL_CLOUD: '1',
    UNI_CLOUD_SPACES: JSON.stringify([space]),
    // `#ifdef LOCAL_CLOUD` in pages.json and pages: other builds contain nothing of uniCloud.
    UNI_CUSTOM_CONTEXT: JSON.stringify({ LOCAL_CLOUD: true }),
  }
}
