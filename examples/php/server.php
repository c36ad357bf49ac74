<?php
// The protocol of uni-sse-channel in PHP: each channel is a folder of files, each request a process.
//
// The process that takes a start fills the channel, and goes on when its client hangs up. Every connection,
// its own too, only reads from the file. Start it with: PHP_CLI_SERVER_WORKERS=8 php -S 127.0.0.1:8000 server.php

declare(strict_types=1);

const BASE = '/api/chat';
const MAX_BODY_BYTES = 1024 * 1024;
const KEPT_SECONDS = 3600;
const HEARTBEAT_SECONDS = 15;
const LOOK_AGAIN_US = 10_000;

ini_set('display_errors', '0');
set_time_limit(0);
ignore_user_abort(true);
while (ob_get_level() > 0) {
    ob_end_clean();
}

/** Your model goes here: pieces of text. It is asked for the next one until a stop. */
function answer(string $prompt): Generator
{
    $text = "You asked: $prompt This answer survives a lost network.";
    foreach (explode(' ', "$text $text $text $text") as $word) {
        usleep(10_000);
        yield "$word ";
    }
}

function root(): string
{
    return getenv('CHANNELS') ?: sys_get_temp_dir() . '/channels';
}

/** @return never */
function reply(int $status, array $body, array $headers = []): void
{
    http_response_code($status);
    header('content-type: application/json; charset=utf-8');
    foreach ($headers as $header) {
        header($header);
    }
    echo json_encode($body);
    exit;
}

/** @return never */
function refuse(int $status, string $code, string $message, array $more = [], array $headers = []): void
{
    reply($status, ['error' => ['code' => $code, 'message' => $message]] + $more, $headers);
}

/**
 * A channel: `epoch`, `events` (one JSON text a line), `stop` once somebody asked, `end` with how it ended, and `lock`,
 * which the process that fills it holds.
 */
final class Channel
{
    private $lock;

    public function __construct(public readonly string $id, private readonly string $folder)
    {
    }

    public static function find(string $id): ?self
    {
        $folder = root() . "/$id";
        return preg_match('/^[A-Za-z0-9_-]{16,64}$/D', $id) && is_file("$folder/epoch") ? new self($id, $folder) : null;
    }

    /** mkdir succeeds for one process only: two starts with one id are one run. */
    public static function create(string $id): ?self
    {
        @mkdir(root(), 0700, true);
        $folder = root() . "/$id";
        if (!@mkdir($folder, 0700)) {
            return null;
        }
        touch("$folder/events");
        $channel = new self($id, $folder);
        $channel->hold();
        // Complete at once, under its name.
        file_put_contents("$folder/new", bin2hex(random_bytes(4)));
        rename("$folder/new", "$folder/epoch");
        return $channel;
    }

    /** False: another process fills it. */
    private function hold(): bool
    {
        $this->lock = fopen("$this->folder/lock", 'c');
        return flock($this->lock, LOCK_EX | LOCK_NB);
    }

    private function add(array|string $data): void
    {
        $line = is_string($data) ? $data : json_encode($data, JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE);
        file_put_contents("$this->folder/events", "$line\n", FILE_APPEND);
    }

    private function end(string $status): void
    {
        $this->add('[DONE]');
        file_put_contents("$this->folder/new", $status);
        rename("$this->folder/new", "$this->folder/end");
    }

    public function epoch(): string
    {
        return (string) file_get_contents("$this->folder/epoch");
    }

    /** How the run ended, or null while it goes on. */
    public function status(): ?string
    {
        clearstatcache();
        $end = "$this->folder/end";
        if (!is_file($end) && $this->hold()) {
            clearstatcache();
            // The process that filled it is gone: without an end its readers would wait for ever.
            if (!is_file($end)) {
                $this->add(['type' => 'error', 'errorText' => 'The answer was cut off.']);
                $this->end('error');
            }
            $this->lock = null;
        }
        return is_file($end) ? (string) file_get_contents($end) : null;
    }

    /** @return resource */
    public function open()
    {
        return fopen("$this->folder/events", 'rb');
    }

    /** @return list<string> */
    public function events(): array
    {
        return file("$this->folder/events", FILE_IGNORE_NEW_LINES) ?: [];
    }

    public function stop(): string
    {
        touch("$this->folder/stop");
        while (($status = $this->status()) === null) {
            usleep(LOOK_AGAIN_US);
        }
        return $status;
    }

    /** Fills the channel to its end. @param callable(): void $each after every event */
    public function run(string $prompt, callable $each): void
    {
        $add = function (array $data) use ($each) {
            $this->add($data);
            $each();
        };
        $add(['type' => 'start']);
        $add(['type' => 'text-start', 'id' => 'text']);
        $status = 'done';
        foreach (answer($prompt) as $delta) {
            clearstatcache();
            if (is_file("$this->folder/stop")) {
                $status = 'stopped';
                break;
            }
            $add(['type' => 'text-delta', 'id' => 'text', 'delta' => $delta]);
        }
        if ($status === 'done') {
            $add(['type' => 'text-end', 'id' => 'text']);
            $add(['type' => 'finish']);
        } else {
            $add(['type' => 'abort']);
        }
        $this->end($status);
        $each();
    }
}

/** Sends what a channel has, piece by piece as it comes. */
final class Reader
{
    private $file;
    private int $seq = 0;

    public function __construct(private readonly Channel $channel, private readonly int $from, string $first = '')
    {
        header('content-type: text/event-stream; charset=utf-8');
        header('cache-control: no-cache, no-transform');
        header('x-accel-buffering: no');
        header("x-channel-id: $channel->id");
        header('x-vercel-ai-ui-message-stream: v1');
        $this->file = $channel->open();
        echo $first ?: ": open\n\n";
        flush();
    }

    /** @return bool whether there was something */
    public function send(): bool
    {
        $frames = '';
        // The end of the file was reached before: look again.
        fseek($this->file, 0, SEEK_CUR);
        while (($line = fgets($this->file)) !== false) {
            if (!str_ends_with($line, "\n")) {
                // Still being written.
                fseek($this->file, -strlen($line), SEEK_CUR);
                break;
            }
            if ($this->seq >= $this->from) {
                $frames .= "id: {$this->channel->epoch()}_$this->seq\ndata: $line\n";
            }
            $this->seq++;
        }
        echo $frames;
        flush();
        return $frames !== '';
    }

    public function follow(): void
    {
        $quiet = microtime(true);
        while (!connection_aborted()) {
            $over = $this->channel->status() !== null;
            if ($this->send()) {
                $quiet = microtime(true);
            } elseif ($over) {
                return;
            } elseif (microtime(true) - $quiet > HEARTBEAT_SECONDS) {
                $quiet = microtime(true);
                echo ": hb\n\n";
                flush();
            }
            usleep(LOOK_AGAIN_US);
        }
    }
}

function start(): void
{
    $id = $_SERVER['HTTP_X_CHANNEL_ID'] ?? bin2hex(random_bytes(16));
    if (!preg_match('/^[A-Za-z0-9_-]{16,64}$/D', $id)) {
        refuse(400, 'BAD_REQUEST', 'x-channel-id has 16 to 64 of A-Z a-z 0-9 _ -');
    }
    if (!preg_match('/^application\/json\s*(;\s*charset=utf-8)?$/Di', $_SERVER['CONTENT_TYPE'] ?? '')) {
        refuse(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send application/json.');
    }
    $body = (string) file_get_contents('php://input', false, null, 0, MAX_BODY_BYTES + 1);
    if (strlen($body) > MAX_BODY_BYTES || (int) ($_SERVER['CONTENT_LENGTH'] ?? 0) > MAX_BODY_BYTES) {
        refuse(413, 'BODY_TOO_LARGE', 'The body is too large.');
    }
    $input = json_decode($body, true);
    $prompt = is_array($input) ? $input['prompt'] ?? null : null;
    if (!is_string($prompt) || trim($prompt) === '') {
        refuse(400, 'BAD_REQUEST', 'Send {"prompt": "…"}.');
    }
    $channel = Channel::create($id);
    if ($channel) {
        $reader = new Reader($channel, 0);
        $channel->run($prompt, fn () => $reader->send());
        forget();
        return;
    }
    while (!($known = Channel::find($id))) {
        usleep(LOOK_AGAIN_US);
    }
    (new Reader($known, 0))->follow();
}

function read(Channel $channel): void
{
    $cursor = ($_SERVER['HTTP_LAST_EVENT_ID'] ?? '') ?: ($_GET['lastEventId'] ?? '');
    if ($cursor === '') {
        (new Reader($channel, 0))->follow();
        return;
    }
    if (!is_string($cursor) || !preg_match('/^([A-Za-z0-9]{1,32}(?:\.[A-Za-z0-9]{1,16})?)_(0|[1-9][0-9]{0,14})$/D', $cursor, $match)) {
        refuse(400, 'BAD_CURSOR', 'A cursor is <epoch>_<seq>.');
    }
    $over = $channel->status() !== null;
    $last = count($channel->events()) - 1;
    if ($match[1] !== $channel->epoch()) {
        $range = ['earliest' => "{$channel->epoch()}_0", 'last' => "{$channel->epoch()}_$last"];
        $range = $last < 0 ? ['earliest' => null, 'last' => null] : $range;
        $error = ['error' => ['code' => 'HISTORY_EXPIRED', 'message' => 'This cursor is of another stream.']];
        if (($_GET['onGap'] ?? '') !== 'event') {
            reply(410, $error + $range);
        }
        (new Reader($channel, 0, "event: gap\ndata: " . json_encode($error + $range) . "\n\n"))->follow();
    } elseif ((int) $match[2] > $last) {
        refuse(416, 'CURSOR_AHEAD', 'The cursor is behind the last event.');
    } elseif ($over && (int) $match[2] === $last) {
        header("x-channel-id: $channel->id");
        http_response_code(204);
    } else {
        (new Reader($channel, (int) $match[2] + 1))->follow();
    }
}

/** Removes channels whose time is over. */
function forget(): void
{
    foreach (glob(root() . '/*/end') ?: [] as $end) {
        if (filemtime($end) < time() - KEPT_SECONDS) {
            array_map('unlink', glob(dirname($end) . '/*') ?: []);
            rmdir(dirname($end));
        }
    }
}

$path = explode('?', $_SERVER['REQUEST_URI'])[0];
if (!preg_match('~^' . BASE . '(?:/([^/]+)(?:/(stream|stop))?)?/?$~D', $path, $match)) {
    refuse(404, 'CHANNEL_NOT_FOUND', 'There is nothing at this address.');
}
$action = isset($match[1]) ? $match[2] ?? 'stream' : 'start';
$method = $action === 'stream' ? 'GET' : 'POST';
if ($_SERVER['REQUEST_METHOD'] !== $method) {
    refuse(405, 'METHOD_NOT_ALLOWED', "This address takes $method.", [], ["allow: $method"]);
}
if ($action === 'start') {
    start();
    exit;
}
$channel = Channel::find($match[1]) ?? refuse(404, 'CHANNEL_NOT_FOUND', 'There is no such channel.');
if ($action === 'stop') {
    reply(200, ['channelId' => $channel->id, 'status' => $channel->stop()]);
}
read($channel);
