package report

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"slices"
	"strings"

	"tideline/scanner/finding"
)

//go:embed assets
var assets embed.FS

// htmlWriter writes the timeline: one file that needs no network. What a
// reader must know stands in it as plain HTML; the findings are data, JSON in
// script elements that no browser runs, which one static script reads and sets
// as text. A content security policy forbids everything else.
type htmlWriter struct {
	maskCount
	w      *bufio.Writer
	mask   *Redactor
	page   *template.Template
	script string
	data   pageData
}

// newHTML writes the HTML timeline to w.
func newHTML(w io.Writer, o Options) Writer {
	out := bufio.NewWriterSize(w, 64<<10)
	return &htmlWriter{w: out, mask: NewRedactor(o), page: pageTemplate(), script: pageScript(), data: newPageData(out)}
}

// Begin writes everything but the findings.
func (h *htmlWriter) Begin(o *finding.Overview) error {
	credentials, shown := len(o.Exposure), *o
	shown.Exposure = first(pageExposure, o.Exposure) // of those that are not, only the number is told
	o = h.mask.Overview(&shown)
	style := asset("report.css")
	fmt.Fprintf(h.w, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"+
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src '%s'; style-src '%s'; base-uri 'none'; form-action 'none'\">\n"+
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"+
		"<title>tideline report</title>\n<style>%s</style>\n</head>\n<body>\n", sourceHash(h.script), sourceHash(style), style)
	view, err := newPageView(o)
	if err != nil {
		return fmt.Errorf("read the ledger: %w", err)
	}
	view.Credentials = credentials
	for _, part := range []string{"head", "actors", "rotation", "top", "explorer", "coverage", "ledger", "foot"} {
		if err := h.part(part, view); err != nil {
			return err
		}
	}
	return h.data.overview(o, view)
}

// part writes one part of the static page. html/template escapes what it fills
// in for the place it stands at; what is invisible or would turn the text
// around it is then shown as an escape. The template itself has nothing such.
func (h *htmlWriter) part(name string, view *pageView) error {
	var b bytes.Buffer
	if err := h.page.ExecuteTemplate(&b, name, view); err != nil {
		return fmt.Errorf("fill in part %q of the page: %w", name, err)
	}
	_, err := h.w.WriteString(escape(b.String(), keepLines))
	return err
}

// Write adds a finding to the open data block.
func (h *htmlWriter) Write(f *Shown) error { return h.data.add(h.of(f)) }

// Close writes the script and ends the page.
func (h *htmlWriter) Close() error {
	if err := h.data.end(); err != nil {
		return err
	}
	fmt.Fprintf(h.w, "<script>%s</script>\n</body>\n</html>\n", h.script)
	return h.w.Flush()
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
	slices.Sort(names)
	var b strings.Builder
	b.WriteString("\"use strict\";\n(() => {\n")
	for _, name := range names {
		b.WriteString(asset(strings.TrimPrefix(name, "assets/")))
	}
	b.WriteString("})();\n")
	return b.String()
}
