/** Where the page finds the cloud: on its own origin, so that one port is enough, from other machines too. */
export const CLOUD_PATHS = { functions: '/~unicloud', push: '/~unipush' } as const
