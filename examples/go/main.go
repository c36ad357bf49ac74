// The protocol of uni-sse-channel with net/http: answers in memory, one process.
//
// A run is a goroutine that fills a channel; connections only read from it. So a
// client that hangs up stops nothing, and reads on later behind the event it has seen.
package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"mime"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	base         = "/api/chat"
	maxBodyBytes = 1 << 20
	kept         = time.Hour
	heartbeat    = 15 * time.Second
)

var (
	proposal = regexp.MustCompile(`^[A-Za-z0-9_-]{16,64}$`)
	cursor   = regexp.MustCompile(`^([A-Za-z0-9]{1,32}(?:\.[A-Za-z0-9]{1,16})?)_(0|[1-9][0-9]{0,14})$`)
)

// stream is one answer: numbered events, kept for a while after the end.
type stream struct {
	id, epoch string
	stop      context.CancelFunc
	ended     chan struct{}

	mu      sync.Mutex
	events  []string
	status  string
	changed chan struct{} // closed at every event, and then another
}

func (s *stream) add(data any) {
	text, isText := data.(string)
	if !isText {
		bytes, _ := json.Marshal(data)
		text = string(bytes)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, fmt.Sprintf("id: %s_%d\ndata: %s\n\n", s.epoch, len(s.events), text))
	close(s.changed)
	s.changed = make(chan struct{})
}

// after gives the events from a number on, whether they are the last ones, and what closes when more come.
func (s *stream) after(from int) ([]string, bool, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.events[from:], s.status != "running", s.changed
}

func (s *stream) run(ctx context.Context, prompt string) {
	s.add(map[string]string{"type": "start"})
	s.add(map[string]string{"type": "text-start", "id": "text"})
	err := answer(ctx, prompt, func(delta string) {
		s.add(map[string]string{"type": "text-delta", "id": "text", "delta": delta})
	})
	status := "done"
	switch {
	case errors.Is(err, context.Canceled):
		status = "stopped"
		s.add(map[string]string{"type": "abort"})
	case err != nil:
		status = "error"
		s.add(map[string]string{"type": "error", "errorText": "The model failed."})
	default:
		s.add(map[string]string{"type": "text-end", "id": "text"})
		s.add(map[string]string{"type": "finish"})
	}
	s.end(status)
}

// end writes the last event and the status at once: who sees the one sees the other.
func (s *stream) end(status string) {
	s.mu.Lock()
	s.events = append(s.events, fmt.Sprintf("id: %s_%d\ndata: [DONE]\n\n", s.epoch, len(s.events)))
	s.status = status
	close(s.changed)
	s.mu.Unlock()
	close(s.ended)
	time.AfterFunc(kept, func() {
		mu.Lock()
		delete(streams, s.id)
		mu.Unlock()
	})
}

// answer is where your model goes. A stop cancels the context.
func answer(ctx context.Context, prompt string, write func(string)) error {
	text := "You asked: " + prompt + " This answer survives a lost network. "
	for _, word := range strings.Fields(strings.Repeat(text, 4)) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
			write(word + " ")
		}
	}
	return nil
}

var (
	mu      sync.Mutex
	streams = map[string]*stream{}
)

func find(id string) *stream {
	mu.Lock()
	defer mu.Unlock()
	return streams[id]
}

func randomHex(bytes int) string {
	buffer := make([]byte, bytes)
	if _, err := rand.Read(buffer); err != nil {
		panic(err)
	}
	return hex.EncodeToString(buffer)
}

// findOrRun looks and writes under one lock: two starts with one id are one run.
func findOrRun(id, prompt string) *stream {
	mu.Lock()
	defer mu.Unlock()
	if known := streams[id]; known != nil {
		return known
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &stream{
		id: id, epoch: randomHex(4), stop: cancel, status: "running",
		ended: make(chan struct{}), changed: make(chan struct{}),
	}
	streams[id] = s
	go s.run(ctx, prompt)
	return s
}

func problem(code, message string) map[string]any {
	return map[string]any{"error": map[string]string{"code": code, "message": message}}
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("content-type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func (s *stream) serve(w http.ResponseWriter, r *http.Request, from int, first string) {
	head := w.Header()
	head.Set("content-type", "text/event-stream; charset=utf-8")
	head.Set("cache-control", "no-cache, no-transform")
	head.Set("x-accel-buffering", "no")
	head.Set("x-channel-id", s.id)
	head.Set("x-vercel-ai-ui-message-stream", "v1")
	flusher, _ := w.(http.Flusher)
	_, err := io.WriteString(w, first)
	for err == nil {
		events, over, changed := s.after(from)
		from += len(events)
		_, err = io.WriteString(w, strings.Join(events, ""))
		flusher.Flush()
		if over {
			return
		}
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		case <-time.After(heartbeat):
			_, err = io.WriteString(w, ": hb\n\n")
		}
	}
}

func start(w http.ResponseWriter, r *http.Request) {
	id := r.Header.Get("x-channel-id")
	if id == "" {
		id = randomHex(16)
	}
	media, _, _ := mime.ParseMediaType(r.Header.Get("content-type"))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBodyBytes))
	var tooLarge *http.MaxBytesError
	var input struct{ Prompt string }
	switch {
	case !proposal.MatchString(id):
		reply(w, 400, problem("BAD_REQUEST", "x-channel-id has 16 to 64 of A-Z a-z 0-9 _ -"))
	case media != "application/json":
		reply(w, 415, problem("UNSUPPORTED_MEDIA_TYPE", "Send application/json."))
	case errors.As(err, &tooLarge):
		reply(w, 413, problem("BODY_TOO_LARGE", "The body is too large."))
	case err != nil || json.Unmarshal(body, &input) != nil || strings.TrimSpace(input.Prompt) == "":
		reply(w, 400, problem("BAD_REQUEST", `Send {"prompt": "…"}.`))
	default:
		findOrRun(id, input.Prompt).serve(w, r, 0, "")
	}
}

func (s *stream) read(w http.ResponseWriter, r *http.Request) {
	position := r.Header.Get("last-event-id")
	if position == "" {
		position = r.URL.Query().Get("lastEventId")
	}
	if position == "" {
		s.serve(w, r, 0, "")
		return
	}
	match := cursor.FindStringSubmatch(position)
	if match == nil {
		reply(w, 400, problem("BAD_CURSOR", "A cursor is <epoch>_<seq>."))
		return
	}
	events, over, _ := s.after(0)
	seq, _ := strconv.Atoi(match[2])
	switch {
	case match[1] != s.epoch:
		gap := problem("HISTORY_EXPIRED", "This cursor is of another stream.")
		gap["earliest"], gap["last"] = nil, nil
		if len(events) > 0 {
			gap["earliest"], gap["last"] = s.epoch+"_0", fmt.Sprintf("%s_%d", s.epoch, len(events)-1)
		}
		if r.URL.Query().Get("onGap") != "event" {
			reply(w, 410, gap)
			return
		}
		data, _ := json.Marshal(gap)
		s.serve(w, r, 0, fmt.Sprintf("event: gap\ndata: %s\n\n", data))
	case seq >= len(events):
		reply(w, 416, problem("CURSOR_AHEAD", "The cursor is behind the last event."))
	case over && seq == len(events)-1:
		w.Header().Set("x-channel-id", s.id)
		w.WriteHeader(204)
	default:
		s.serve(w, r, seq+1, "")
	}
}

func route(w http.ResponseWriter, r *http.Request) {
	rest := strings.TrimPrefix(r.URL.Path, base)
	parts := strings.Split(strings.Trim(rest, "/"), "/")
	action := "start"
	if parts[0] != "" {
		action = append(parts, "stream")[1]
	}
	method := map[string]string{"start": "POST", "stop": "POST", "stream": "GET"}[action]
	s := find(parts[0])
	switch {
	case !strings.HasPrefix(r.URL.Path, base) || method == "" || len(parts) > 2:
		reply(w, 404, problem("CHANNEL_NOT_FOUND", "There is nothing at this address."))
	case r.Method != method:
		w.Header().Set("allow", method)
		reply(w, 405, problem("METHOD_NOT_ALLOWED", "This address takes "+method+"."))
	case action == "start":
		start(w, r)
	case s == nil:
		reply(w, 404, problem("CHANNEL_NOT_FOUND", "There is no such channel."))
	case action == "stop":
		s.stop()
		<-s.ended
		reply(w, 200, map[string]string{"channelId": s.id, "status": s.status})
	default:
		s.read(w, r)
	}
}

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8000"
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:"+port, http.HandlerFunc(route)))
}
