import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.concurrent.*;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The protocol of uni-sse-channel with the JDK alone: answers in memory, one process. In Spring the methods of Channel
 * stay as they are, and start, read and stop become methods of a controller that write to a StreamingResponseBody.
 *
 * A run is a thread that fills a channel; connections only read from it. So a client that hangs up stops nothing, and
 * reads on later behind the event it has seen.
 */
public class Server {
    static final String BASE = "/api/chat";
    static final int MAX_BODY_BYTES = 1024 * 1024;
    static final long KEPT_SECONDS = 3600, HEARTBEAT_MS = 15_000;
    static final Pattern PROPOSAL = Pattern.compile("[A-Za-z0-9_-]{16,64}");
    static final Pattern CURSOR =
        Pattern.compile("([A-Za-z0-9]{1,32}(?:\\.[A-Za-z0-9]{1,16})?)_(0|[1-9][0-9]{0,14})");
    /** A body of one field. An application reads it with its JSON library. */
    static final Pattern BODY =
        Pattern.compile("\\s*\\{\\s*\"prompt\"\\s*:\\s*\"((?:[^\"\\\\\\x00-\\x1f]|\\\\.)*[^\\s\"]\\s*)\"\\s*\\}\\s*");

    static final Map<String, Channel> channels = new ConcurrentHashMap<>();
    static final ExecutorService threads = Executors.newCachedThreadPool();
    static final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    /** Your model goes here. A stop interrupts it. `prompt` is still in JSON's spelling. */
    static void answer(String prompt, java.util.function.Consumer<String> write) throws InterruptedException {
        String text = "You asked: " + prompt + " This answer survives a lost network. ";
        for (String word : text.repeat(4).split(" ")) {
            Thread.sleep(10);
            write.accept(word + " ");
        }
    }

    /** One answer: numbered events, kept for a while after the end. */
    static class Channel {
        final String id, epoch = UUID.randomUUID().toString().substring(0, 8);
        private final List<String> events = new ArrayList<>();
        private String status = "running";
        private Future<?> run;

        Channel(String id, String prompt) {
            this.id = id;
            synchronized (this) {
                run = threads.submit(() -> run(prompt));
            }
        }

        private void run(String prompt) {
            String ended = "done";
            add("{\"type\":\"start\"}");
            add("{\"type\":\"text-start\",\"id\":\"text\"}");
            try {
                answer(prompt, d -> add("{\"type\":\"text-delta\",\"id\":\"text\",\"delta\":\"" + d + "\"}"));
                add("{\"type\":\"text-end\",\"id\":\"text\"}");
                add("{\"type\":\"finish\"}");
            } catch (InterruptedException stop) {
                ended = "stopped";
                add("{\"type\":\"abort\"}");
            } catch (RuntimeException failure) {
                ended = "error";
                add("{\"type\":\"error\",\"errorText\":\"The model failed.\"}");
            }
            synchronized (this) {
                // Together: who sees the last event sees the status.
                status = ended;
                add("[DONE]");
            }
            timer.schedule(() -> channels.remove(id), KEPT_SECONDS, TimeUnit.SECONDS);
        }

        private synchronized void add(String data) {
            events.add("id: " + epoch + "_" + events.size() + "\ndata: " + data + "\n\n");
            notifyAll();
        }

        synchronized int size() {
            return events.size();
        }

        synchronized boolean isOver() {
            return !status.equals("running");
        }

        /** What is behind a number, as soon as there is something; empty when a heartbeat is due, null at the end. */
        synchronized String after(int from) throws InterruptedException {
            long late = System.nanoTime() + HEARTBEAT_MS * 1_000_000;
            while (events.size() <= from) {
                if (isOver()) return null;
                long left = (late - System.nanoTime()) / 1_000_000;
                if (left <= 0) return "";
                wait(left);
            }
            return String.join("", events.subList(from, events.size()));
        }

        /** Says how the run has ended. */
        synchronized String stop() throws InterruptedException {
            // Not before its first event: a run that never began would have no end.
            while (events.isEmpty()) wait();
            if (!isOver()) run.cancel(true);
            while (!isOver()) wait();
            return status;
        }
    }

    static void route(HttpExchange http) throws IOException, InterruptedException {
        String rest = http.getRequestURI().getRawPath().substring(BASE.length());
        Matcher match = Pattern.compile("/?|/([^/]+)(?:/(stream|stop))?").matcher(rest);
        if (!match.matches()) {
            refuse(http, 404, "CHANNEL_NOT_FOUND", "There is nothing at this address.", "");
            return;
        }
        boolean isStart = match.group(1) == null, isStop = "stop".equals(match.group(2));
        String method = isStart || isStop ? "POST" : "GET";
        Channel channel = isStart ? null : channels.get(match.group(1));
        if (!http.getRequestMethod().equals(method)) {
            http.getResponseHeaders().set("allow", method);
            refuse(http, 405, "METHOD_NOT_ALLOWED", "This address takes " + method + ".", "");
        } else if (isStart) {
            start(http);
        } else if (channel == null) {
            refuse(http, 404, "CHANNEL_NOT_FOUND", "There is no such channel.", "");
        } else if (isStop) {
            reply(http, 200, "{\"channelId\":\"" + channel.id + "\",\"status\":\"" + channel.stop() + "\"}");
        } else {
            read(http, channel);
        }
    }

    static void start(HttpExchange http) throws IOException, InterruptedException {
        String proposed = http.getRequestHeaders().getFirst("x-channel-id");
        String id = proposed == null ? UUID.randomUUID().toString() : proposed;
        String type = Objects.requireNonNullElse(http.getRequestHeaders().getFirst("content-type"), "");
        byte[] bytes = http.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        Matcher body = BODY.matcher(new String(bytes, StandardCharsets.UTF_8));
        if (!PROPOSAL.matcher(id).matches())
            refuse(http, 400, "BAD_REQUEST", "x-channel-id has 16 to 64 of A-Z a-z 0-9 _ -", "");
        else if (!type.toLowerCase(Locale.ROOT).matches("application/json\\s*(;\\s*charset=utf-8)?"))
            refuse(http, 415, "UNSUPPORTED_MEDIA_TYPE", "Send application/json.", "");
        else if (bytes.length > MAX_BODY_BYTES) {
            // Read away, up to a bound: a client that is cut off while it sends sees no answer.
            for (int i = 0; i < 16 && http.getRequestBody().readNBytes(MAX_BODY_BYTES).length > 0; i++);
            refuse(http, 413, "BODY_TOO_LARGE", "The body is too large.", "");
        } else if (!body.matches()) refuse(http, 400, "BAD_REQUEST", "Send {'prompt': '…'} as JSON.", "");
        // In one step: two starts with one id are one run.
        else stream(http, channels.computeIfAbsent(id, key -> new Channel(key, body.group(1))), 0, "");
    }

    static void read(HttpExchange http, Channel channel) throws IOException, InterruptedException {
        Map<String, String> query = new HashMap<>();
        for (String pair : Objects.requireNonNullElse(http.getRequestURI().getRawQuery(), "").split("&")) {
            String[] parts = pair.split("=", 2);
            if (parts.length == 2) query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        String cursor = http.getRequestHeaders().getFirst("last-event-id");
        if (cursor == null || cursor.isEmpty()) cursor = query.getOrDefault("lastEventId", "");
        if (cursor.isEmpty()) {
            stream(http, channel, 0, "");
            return;
        }
        Matcher match = CURSOR.matcher(cursor);
        boolean over = channel.isOver();
        int last = channel.size() - 1;
        if (!match.matches()) {
            refuse(http, 400, "BAD_CURSOR", "A cursor is <epoch>_<seq>.", "");
        } else if (!match.group(1).equals(channel.epoch)) {
            String from = last < 0 ? "null" : "\"" + channel.epoch + "_0\"";
            String to = last < 0 ? "null" : "\"" + channel.epoch + "_" + last + "\"";
            String range = ",\"earliest\":" + from + ",\"last\":" + to;
            String gap = problem("HISTORY_EXPIRED", "This cursor is of another stream.", range);
            if ("event".equals(query.get("onGap"))) stream(http, channel, 0, "event: gap\ndata: " + gap + "\n\n");
            else reply(http, 410, gap);
        } else if (Long.parseLong(match.group(2)) > last) {
            refuse(http, 416, "CURSOR_AHEAD", "The cursor is behind the last event.", "");
        } else if (over && Long.parseLong(match.group(2)) == last) {
            http.getResponseHeaders().set("x-channel-id", channel.id);
            http.sendResponseHeaders(204, -1);
        } else {
            stream(http, channel, Integer.parseInt(match.group(2)) + 1, "");
        }
    }

    static void stream(HttpExchange http, Channel channel, int from, String first)
        throws IOException, InterruptedException {
        var head = http.getResponseHeaders();
        head.set("content-type", "text/event-stream; charset=utf-8");
        head.set("cache-control", "no-cache, no-transform");
        head.set("x-accel-buffering", "no");
        head.set("x-channel-id", channel.id);
        head.set("x-vercel-ai-ui-message-stream", "v1");
        http.sendResponseHeaders(200, 0);
        OutputStream out = http.getResponseBody();
        out.write((first.isEmpty() ? ": open\n\n" : first).getBytes(StandardCharsets.UTF_8));
        out.flush();
        for (String events; (events = channel.after(from)) != null; out.flush()) {
            from += (int) events.lines().filter(line -> line.startsWith("id: ")).count();
            out.write((events.isEmpty() ? ": hb\n\n" : events).getBytes(StandardCharsets.UTF_8));
        }
    }

    static String problem(String code, String message, String more) {
        return "{\"error\":{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}" + more + "}";
    }

    static void refuse(HttpExchange http, int status, String code, String message, String more) throws IOException {
        reply(http, status, problem(code, message, more));
    }

    static void reply(HttpExchange http, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        http.getResponseHeaders().set("content-type", "application/json; charset=utf-8");
        http.sendResponseHeaders(status, bytes.length);
        http.getResponseBody().write(bytes);
    }

    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8000"));
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext(BASE, http -> {
            try (http) {
                route(http);
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
    }
}
