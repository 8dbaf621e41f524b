package containerlog

import (
	"bytes"
	"math"
	"strconv"
	"time"

	"tideline/parsers/internal/jsonfields"
)

// A shipper is how a program that forwards lines says whose they are: under which
// names, those with dots also in objects within objects.
type shipper struct {
	key                                        string // of all it has, the member that nothing else has
	mark                                       paths  // key
	pod, namespace, container, id, image, host paths
	cluster, time                              paths
	tags                                       paths // texts "name:value", in which the rest stands
	line                                       paths // the line, if not the usual: a text, or an object that the shipper made of it
}

// usual is where most have the line, but for log, which is an object by ECS.
var usual = names("message", "msg", "short_message")

type paths []jsonfields.Path

func names(list ...string) (out paths) {
	for _, name := range list {
		out = append(out, jsonfields.Compile(name))
	}
	return out
}

// shippers are those that are known: the filters of fluentd and fluent-bit, and
// vector; beats and Elastic's agent (ECS); stern -o json; FireLens of ECS, the
// service; Docker's drivers for GELF, Splunk and Google's cloud; GKE; and Datadog.
var shippers = []*shipper{
	{key: "kubernetes.pod_name", mark: names("kubernetes.pod_name"), pod: names("kubernetes.pod_name"), namespace: names("kubernetes.namespace_name", "kubernetes.pod_namespace"),
		container: names("kubernetes.container_name"), id: names("kubernetes.docker_id", "kubernetes.container_id"),
		image: names("kubernetes.container_image"), host: names("kubernetes.host", "kubernetes.pod_node_name")},
	{key: "kubernetes.pod.name", mark: names("kubernetes.pod.name"), pod: names("kubernetes.pod.name"), namespace: names("kubernetes.namespace", "kubernetes.namespace.name"),
		container: names("kubernetes.container.name", "container.name"), id: names("container.id", "kubernetes.container.id"),
		image: names("container.image.name", "kubernetes.container.image"), host: names("kubernetes.node.name", "host.name")},
	{key: "podName", mark: names("podName"), pod: names("podName"), namespace: names("namespace"), container: names("containerName"), host: names("nodeName")},
	{key: "container_id", mark: names("container_id"), container: names("container_name"), id: names("container_id"), image: names("image"), host: names("host")},
	{key: "_container_id", mark: names("_container_id"), container: names("_container_name"), id: names("_container_id"), image: names("_image_name"), host: names("host")},
	{key: "container.id", mark: names("container.id"), container: names("container.name"), id: names("container.id"), image: names("container.image.name"), host: names("host.name")},
	{key: "line", mark: names("line"), line: names("line")},
	{key: "jsonPayload.container.id", mark: names("jsonPayload.container.id"), container: names("jsonPayload.container.name"), id: names("jsonPayload.container.id"),
		image: names("jsonPayload.container.imageName"), host: names("jsonPayload.instance.name"), line: names("jsonPayload.message")},
	{key: "resource.labels.container_name", mark: names("resource.labels.container_name"), pod: names("resource.labels.pod_name"), namespace: names("resource.labels.namespace_name"),
		container: names("resource.labels.container_name"), host: names("labels.compute.googleapis.com/resource_name"), cluster: names("resource.labels.cluster_name"), line: names("textPayload", "jsonPayload")},
	{key: "tags", mark: datadogTags, tags: datadogTags, host: names("attributes.host", "content.host", "host"), time: names("attributes.timestamp", "content.timestamp"),
		line: names("attributes.message", "content.message", "message")},
}

// datadogTags are where Datadog's API and archives have the tags of a line.
var datadogTags = names("attributes.tags", "content.tags", "tags")

// shipperOf finds whose names an object has; nil if it has nobody's.
func shipperOf(root jsonfields.Value) *shipper {
	for _, s := range shippers {
		if s.mark.text(root) == nil {
			continue
		}
		switch s.key {
		case "podName":
			if s.container.text(root) == nil {
				continue
			}
		case "container_id", "line": // others have that too
			if !isStream(root.Get("source").Text()) && !isStream(root.Get("stream").Text()) || s.key == "line" && root.Get("tag").Kind() != jsonfields.String {
				continue
			}
		case "container.id":
			if !isStream(root.Get("stream").Text()) {
				continue
			}
		case "tags":
			if s.tag(root, "container_id") == nil && s.tag(root, "pod_name") == nil {
				continue
			}
		}
		return s
	}
	return nil
}

// text is the first text that an object has under one of these names; nil if it has
// none.
func (p paths) text(root jsonfields.Value) []byte {
	for _, path := range p {
		for _, v := range root.Find(nil, path) {
			if text := v.Text(); v.Kind() == jsonfields.String && len(text) > 0 {
				return text
			}
		}
	}
	return nil
}

// lineOf is the line of an object that a shipper made, or one that is not known (nil);
// absent if it has none.
func (s *shipper) lineOf(root jsonfields.Value) jsonfields.Value {
	list, made := usual, false
	if s != nil && s.line != nil {
		list, made = s.line, true
	}
	for _, path := range list {
		for _, v := range root.Find(nil, path) {
			if v.Kind() == jsonfields.String || made && v.Kind() == jsonfields.Object {
				return v
			}
		}
	}
	return jsonfields.Value{}
}

// streamOf is the stream of a line: its own member, what Docker's drivers call source,
// or the end of the name of the log, in Google's cloud.
func (s *shipper) streamOf(root jsonfields.Value) []byte {
	for _, name := range [...]string{"stream", "source", "logName"} {
		if text := root.Get(name).Text(); text != nil {
			return text[bytes.LastIndexByte(text, '/')+1:]
		}
	}
	return nil
}

// tag is the value of a tag; nil if there is none of that name.
func (s *shipper) tag(root jsonfields.Value, name string) []byte {
	for _, path := range s.tags {
		for _, v := range root.Find(nil, path) {
			if key, value, ok := bytes.Cut(v.Text(), colon); ok && string(key) == name && len(value) > 0 {
				return value
			}
		}
	}
	return nil
}

// read sets in e what an object says of the container.
func (s *shipper) read(e *entry, root jsonfields.Value) {
	e.pod, e.namespace = s.pod.text(root), s.namespace.text(root)
	e.container, e.image, e.host = bytes.TrimPrefix(s.container.text(root), []byte("/")), s.image.text(root), s.host.text(root)
	e.cluster = s.cluster.text(root)
	if t := s.time.text(root); t != nil {
		e.time = stampOf(t)
	}
	if s.tags != nil {
		e.pod, e.namespace, e.container = s.tag(root, "pod_name"), s.tag(root, "kube_namespace"), s.tag(root, "container_name")
		e.id, e.image, e.cluster = s.tag(root, "container_id"), s.tag(root, "image_name"), s.tag(root, "kube_cluster_name")
		return
	}
	if e.id = s.id.text(root); len(e.id) > 0 {
		e.id = e.id[bytes.LastIndexByte(e.id, '/')+1:] // containerd://4f0c...
	}
}

func isStream(name []byte) bool { return string(name) == "stdout" || string(name) == "stderr" }

// momentOf reads a time as text, or as seconds since 1970, with a fraction.
func momentOf(v jsonfields.Value) time.Time {
	if v.Kind() != jsonfields.Number {
		return stampOf(v.Text())
	}
	seconds, err := strconv.ParseFloat(string(v.Text()), 64)
	if err != nil || seconds < 1e8 || seconds > 1e11 {
		return time.Time{}
	}
	whole, fraction := math.Modf(seconds)
	return time.Unix(int64(whole), int64(math.Round(fraction*1e6))*1000).UTC()
}
