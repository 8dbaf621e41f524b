package report

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"sort"
	"strings"

	"tideline/scanner/finding"
)

//go:embed assets
var assets embed.FS

// findingsPerBlock is how many findings one data block of the page holds.
const findingsPerBlock = 500

// htmlWriter writes the timeline: one file that needs no network. What a
// reader must know stands in it as plain HTML; the findings are data, JSON in
// script elements that no browser runs, which one static script reads and sets
// as text. A content security policy forbids everything else.
type htmlWriter struct {
	w      *bufio.Writer
	mask   *Redactor
	page   *template.Template
	inRow  int // findings in the open data block; 0 if none is open
	script string
}

// NewHTML writes the HTML timeline to w.
func NewHTML(w io.Writer, o Options) Writer {
	return &htmlWriter{w: bufio.NewWriterSize(w, 64<<10), mask: NewRedactor(o), page: pageTemplate(), script: pageScript()}
}

// Begin writes everything but the findings.
func (h *htmlWriter) Begin(o *finding.Overview) error {
	o = h.mask.Overview(o)
	style := asset("report.css")
	fmt.Fprintf(h.w, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"+
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src '%s'; style-src '%s'; base-uri 'none'; form-action 'none'\">\n"+
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"+
		"<title>tideline report</title>\n<style>%s</style>\n</head>\n<body>\n", sourceHash(h.script), sourceHash(style), style)
	h.w.WriteString("<a class=\"skip\" href=\"#actors\">to the actors</a>\n<header>\n")
	if err := h.page.ExecuteTemplate(h.w, "head", o); err != nil {
		return err
	}
	h.w.WriteString("\n</header>\n" + pageNav + "<main>\n")
	for _, part := range []string{"actors", "rotation", "top"} {
		if err := h.page.ExecuteTemplate(h.w, part, o); err != nil {
			return err
		}
	}
	h.w.WriteString(asset("explorer.html"))
	for _, part := range []string{"coverage", "ledger"} {
		if err := h.page.ExecuteTemplate(h.w, part, o); err != nil {
			return err
		}
	}
	h.w.WriteString("</main>\n")
	if err := h.page.ExecuteTemplate(h.w, "foot", o); err != nil {
		return err
	}
	return h.overviewData(o)
}

const pageNav = `<nav aria-label="sections"><div><a href="#actors">Who</a><a href="#rotation">What to rotate</a><a href="#explorer">Timeline</a>` +
	`<a href="#coverage">What could not be seen</a><a href="#ledger">What was read</a>` +
	`<span class="push"><button type="button" id="zone" aria-pressed="false">UTC</button><button type="button" id="theme">light / dark</button></span></div></nav>` + "\n"

// overviewData is what the script needs of the overview.
func (h *htmlWriter) overviewData(o *finding.Overview) error {
	type actor struct {
		ID string `json:"id"`
	}
	data := struct {
		Summary struct {
			Timeline finding.Timeline `json:"timeline"`
		} `json:"summary"`
		Actors []actor `json:"actors"`
	}{}
	data.Summary.Timeline = o.Summary.Timeline
	if data.Summary.Timeline.Buckets == nil {
		data.Summary.Timeline.Buckets = []finding.Bucket{}
	}
	data.Actors = []actor{}
	for i := range o.Actors {
		data.Actors = append(data.Actors, actor{o.Actors[i].ID})
	}
	h.w.WriteString(`<script type="application/json" id="overview">`)
	if err := h.data(data); err != nil {
		return err
	}
	_, err := h.w.WriteString("</script>\n")
	return err
}

// Write adds a finding to the open data block.
func (h *htmlWriter) Write(f *finding.Finding) error {
	masked := h.mask.Finding(f)
	if h.inRow == 0 {
		h.w.WriteString(`<script type="application/json" class="findings">[`)
	} else {
		h.w.WriteString(",\n")
	}
	if err := h.data(&masked); err != nil {
		return err
	}
	if h.inRow++; h.inRow == findingsPerBlock {
		return h.endBlock()
	}
	return nil
}

func (h *htmlWriter) endBlock() error {
	h.inRow = 0
	_, err := h.w.WriteString("]</script>\n")
	return err
}

// Close writes the script and ends the page.
func (h *htmlWriter) Close() error {
	if h.inRow > 0 {
		if err := h.endBlock(); err != nil {
			return err
		}
	}
	fmt.Fprintf(h.w, "<script>%s</script>\n</body>\n</html>\n", h.script)
	return h.w.Flush()
}

// data writes v as JSON that can stand in a script element: encoding/json
// escapes < > & and the line separators U+2028 and U+2029.
func (h *htmlWriter) data(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode for the page: %w", err)
	}
	_, err = h.w.Write(text)
	return err
}

// sourceHash is how a content security policy names an inline script or style
// (CSP Level 3, section 2.3.1, hash-source).
func sourceHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

func asset(name string) string {
	text, err := assets.ReadFile("assets/" + name)
	if err != nil {
		panic("report: " + err.Error()) // embedded: a build without it does not exist
	}
	return string(text)
}

// pageScript joins the parts of the script in order of name.
func pageScript() string {
	names, err := fs.Glob(assets, "assets/js/*.js")
	if err != nil || len(names) == 0 {
		panic("report: the script of the page is missing")
	}
	sort.Strings(names)
	var b bytes.Buffer
	b.WriteString("\"use strict\";\n(() => {\n")
	for _, name := range names {
		b.WriteString(asset(strings.TrimPrefix(name, "assets/")))
	}
	b.WriteString("})();\n")
	return b.String()
}
