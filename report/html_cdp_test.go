package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// A browser is a headless Chromium, driven with the DevTools protocol over two
// pipes (--remote-debugging-pipe: commands on descriptor 3, answers and events
// on 4, JSON texts that end in NUL). No port is opened.
type browser struct {
	t       *testing.T
	in      io.Writer
	mu      sync.Mutex
	last    int
	answers map[int]chan cdpMessage
	events  []cdpMessage
	session string
	ended   chan struct{} // closed when the browser has
}

type cdpMessage struct {
	ID        int             `json:"id,omitempty"`
	Method    string          `json:"method,omitempty"`
	Params    json.RawMessage `json:"params,omitempty"`
	SessionID string          `json:"sessionId,omitempty"`
	Result    json.RawMessage `json:"result,omitempty"`
	Error     json.RawMessage `json:"error,omitempty"`
}

// chromium is where the browser is; without one the test is skipped, or fails
// if TIDELINE_REQUIRE_CHROMIUM is 1.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("TIDELINE_REQUIRE_CHROMIUM") == "1" {
		t.Fatal("no Chromium found, and TIDELINE_REQUIRE_CHROMIUM=1")
	}
	t.Skip("no Chromium found")
	return ""
}

// patience is how long a browser may take for anything: a machine that does much
// else is slow, and a browser that has died is noticed at once. It decides nothing
// but whether a failure is told or hangs.
const patience = 5 * time.Minute

// startTries is how many browsers may fail to start, which says nothing of a page.
const startTries = 3

// openBrowser starts a browser with one empty tab; it ends with the test.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	path := chromium(t)
	for try := 1; ; try++ {
		b, err := startBrowser(t, path)
		if err == nil {
			return b
		}
		if try == startTries {
			t.Fatal(err)
		}
		t.Logf("start %d of the browser: %v", try, err)
	}
}

// startBrowser is openBrowser that may fail.
func startBrowser(t *testing.T, path string) (*browser, error) {
	t.Helper()
	theirIn, ourOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ourIn, theirOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	profile, err := os.MkdirTemp("", "tideline-browser")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
		"--disable-sync", "--disable-dev-shm-usage", "--force-color-profile=srgb", "--user-data-dir="+profile, "--remote-debugging-pipe", "about:blank")
	cmd.Env = append(os.Environ(), "HOME="+profile) // it may be missing, or not ours to write to
	cmd.ExtraFiles = []*os.File{theirIn, theirOut}
	says, err := os.Create(filepath.Join(profile, "stderr")) // no pipe: children of the browser may keep it
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = says
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	theirIn.Close()
	theirOut.Close()
	b := &browser{t: t, in: ourOut, answers: map[int]chan cdpMessage{}, ended: make(chan struct{})}
	go func() { b.read(ourIn); close(b.ended) }()
	stop := sync.OnceFunc(func() {
		ourOut.Close() // Chromium ends when its pipe does
		killed := time.AfterFunc(5*time.Second, func() { cmd.Process.Kill() })
		cmd.Wait()
		killed.Stop()
		ourIn.SetReadDeadline(time.Now()) // some child may hold the other end
		<-b.ended
		ourIn.Close()
		says.Close()
		os.RemoveAll(profile)
	})
	t.Cleanup(stop)
	if err := b.attach(); err != nil {
		text, _ := os.ReadFile(says.Name())
		stop()
		return nil, fmt.Errorf("%w; it said: %s", err, text[max(0, len(text)-2000):])
	}
	return b, nil
}

// read takes messages until the pipe ends.
func (b *browser) read(r io.Reader) {
	var rest []byte
	block := make([]byte, 1<<16)
	for {
		n, err := r.Read(block)
		rest = append(rest, block[:n]...)
		for {
			text, after, found := bytes.Cut(rest, []byte{0})
			if !found {
				break
			}
			rest = after
			var m cdpMessage
			if json.Unmarshal(text, &m) == nil {
				b.take(m)
			}
		}
		if err != nil {
			return
		}
	}
}

func (b *browser) take(m cdpMessage) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if m.ID == 0 {
		b.events = append(b.events, m)
	} else if c := b.answers[m.ID]; c != nil {
		delete(b.answers, m.ID)
		c <- m
	}
}

// call sends a command and gives its answer.
func (b *browser) call(method string, params, result any) error {
	text, err := json.Marshal(params)
	if err != nil {
		return err
	}
	c := make(chan cdpMessage, 1)
	b.mu.Lock()
	b.last++
	m := cdpMessage{ID: b.last, Method: method, Params: text, SessionID: b.session}
	b.answers[m.ID] = c
	b.mu.Unlock()
	if text, err = json.Marshal(m); err != nil {
		return err
	}
	if _, err := b.in.Write(append(text, 0)); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	select {
	case m = <-c:
	case <-b.ended:
		return fmt.Errorf("%s: the browser has ended", method)
	case <-time.After(patience):
		return fmt.Errorf("%s: no answer in %v", method, patience)
	}
	if m.Error != nil {
		return fmt.Errorf("%s: %s", method, m.Error)
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(m.Result, result)
}

// do is call for commands that must succeed.
func (b *browser) do(method string, params, result any) {
	b.t.Helper()
	if err := b.call(method, params, result); err != nil {
		b.t.Fatal(err)
	}
}

type args = map[string]any

// attach makes a tab the one that commands go to.
func (b *browser) attach() error {
	var target struct{ TargetID string }
	if err := b.call("Target.createTarget", args{"url": "about:blank"}, &target); err != nil {
		return err
	}
	var s struct{ SessionID string }
	if err := b.call("Target.attachToTarget", args{"targetId": target.TargetID, "flatten": true}, &s); err != nil {
		return err
	}
	b.session = s.SessionID
	for _, domain := range []string{"Page", "Runtime", "Network", "Log", "Audits"} {
		if err := b.call(domain+".enable", args{}, nil); err != nil {
			return err
		}
	}
	return b.size(1280, 900)
}

// size is the size of the window in pixels.
func (b *browser) size(width, height int) error {
	return b.call("Emulation.setDeviceMetricsOverride", args{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}, nil)
}

// resize is size that must succeed.
func (b *browser) resize(width, height int) {
	b.t.Helper()
	if err := b.size(width, height); err != nil {
		b.t.Fatal(err)
	}
}

// open loads a page from a file and waits until it is there.
func (b *browser) open(page []byte) string {
	b.t.Helper()
	path := filepath.Join(b.t.TempDir(), "report.html")
	if err := os.WriteFile(path, page, 0o600); err != nil {
		b.t.Fatal(err)
	}
	b.mu.Lock()
	b.events = nil
	b.mu.Unlock()
	b.do("Page.navigate", args{"url": "file://" + path}, nil)
	b.wait(func() bool { return b.seen("Page.loadEventFired") })
	return path
}

// seen reports whether an event of that name came.
func (b *browser) seen(method string) bool { return len(b.all(method)) > 0 }

// all gives the parameters of the events of that name.
func (b *browser) all(method string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []string
	for _, e := range b.events {
		if e.Method == method {
			list = append(list, string(e.Params))
		}
	}
	return list
}

func (b *browser) wait(done func() bool) {
	b.t.Helper()
	for end := time.Now().Add(patience); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			b.t.Fatalf("the browser did not come to it in %v", patience)
		}
	}
}

// eval gives the value of an expression in the page.
func (b *browser) eval(expression string, value any) {
	b.t.Helper()
	if err := b.tryEval(expression, value); err != nil {
		b.t.Fatalf("%s\n%v", expression, err)
	}
}

func (b *browser) tryEval(expression string, value any) error {
	var r struct {
		Result struct{ Value json.RawMessage }
		Thrown json.RawMessage `json:"exceptionDetails"`
	}
	err := b.call("Runtime.evaluate", args{"expression": expression, "returnByValue": true, "awaitPromise": true, "userGesture": true}, &r)
	if err != nil {
		return err
	}
	if r.Thrown != nil {
		return errors.New(string(r.Thrown))
	}
	if value == nil {
		return nil
	}
	return json.Unmarshal(r.Result.Value, value)
}

// text is an expression's value as text.
func (b *browser) text(expression string) string {
	b.t.Helper()
	var s string
	b.eval("String("+expression+")", &s)
	return s
}

// key presses a key: a character, or a name like "ArrowDown".
func (b *browser) key(names ...string) {
	b.t.Helper()
	codes := map[string]int{"Tab": 9, "Enter": 13, "Escape": 27, "PageUp": 33, "PageDown": 34, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}
	for _, name := range names {
		p := args{"type": "keyDown", "key": name, "code": name, "windowsVirtualKeyCode": codes[name]}
		if len(name) == 1 {
			p["text"] = name
		}
		if name == "Enter" {
			p["text"] = "\r"
		}
		b.do("Input.dispatchKeyEvent", p, nil)
		delete(p, "text")
		p["type"] = "keyUp"
		b.do("Input.dispatchKeyEvent", p, nil)
	}
}

// write types text into what has the focus.
func (b *browser) write(text string) {
	b.t.Helper()
	b.key(strings.Split(text, "")...)
}
