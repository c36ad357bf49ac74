export declare function requirePlatform(args: readonly string[]): void
