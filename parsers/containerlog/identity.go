package containerlog

import (
	"tideline/parsers"
	"tideline/parsers/internal/jsonfields"
)

// An identity is whose line it is. Lines of one file are mostly of one
// container, so that what is made of it is kept until it changes.
type identity struct {
	of        parsers.Container // what name, namespace and target were made of
	made      bool
	actor     []byte
	namespace []byte
	target    []byte
	stream    []byte

	last   parsers.Origin // what origin was made of
	attrs  string
	result parsers.Origin
	known  bool
}

// origin is the record's origin with what the entry itself tells.
func (w *identity) origin(rec *parsers.Record, e *entry) parsers.Origin {
	o := rec.Origin
	stream := streamName(e.stream)
	if stream == "" {
		stream = o.Stream
	}
	if w.stream == nil || string(w.stream) != stream {
		w.stream = []byte(stream)
	}
	o.Stream = stream
	fill(&o.Host, e.host)
	fill(&o.Cluster, e.cluster)
	if e.pod == nil && e.namespace == nil && e.container == nil && e.id == nil && e.attrs == nil {
		return o
	}
	if e.layout == jsonFile && w.known && w.attrs == string(e.attrs) && w.last.Container == o.Container {
		o.Container = w.result.Container
		return o
	}
	w.last = o
	fill(&o.Pod, e.pod)
	fill(&o.Namespace, e.namespace)
	fill(&o.Name, e.container)
	fill(&o.ID, e.id)
	fill(&o.Image, e.image)
	if e.attrs != nil {
		labels(&o.Container, e.attrs)
	}
	w.attrs, w.result, w.known = string(e.attrs), o, e.layout == jsonFile
	return o
}

// labels fills in what the options labels and env of the log driver add.
func labels(c *parsers.Container, attrs []byte) {
	var p jsonfields.Parser
	doc, _ := p.Parse(attrs) // of a damaged object, what can be read
	root := doc.Root()
	fill(&c.Pod, root.Get("io.kubernetes.pod.name").Text())
	fill(&c.Namespace, root.Get("io.kubernetes.pod.namespace").Text())
	fill(&c.Name, root.Get("io.kubernetes.container.name").Text())
}

// fill sets what the path did not tell.
func fill(dst *string, s []byte) {
	if *dst == "" && len(s) > 0 {
		*dst = string(s)
	}
}

func streamName(s []byte) string {
	switch string(s) {
	case "":
		return ""
	case "stdout":
		return "stdout"
	case "stderr":
		return "stderr"
	}
	return string(s)
}

// name is the process as reports name it, "prod/web-0/app", and sets namespace
// and target.
func (w *identity) name(o *parsers.Origin) []byte {
	if w.made && w.of == o.Container {
		return w.actor
	}
	c := o.Container
	w.of, w.made = c, true
	w.actor, w.namespace, w.target = nil, nil, nil
	who := c.Name
	if c.Pod != "" {
		who = c.Pod
		if c.Name != "" {
			who += "/" + c.Name
		}
	}
	if who == "" {
		who = c.ID
	}
	if who == "" {
		return nil
	}
	w.target = []byte(who)
	if c.Namespace != "" {
		w.namespace = []byte(c.Namespace)
		who = c.Namespace + "/" + who
	}
	w.actor = []byte(who)
	return w.actor
}
