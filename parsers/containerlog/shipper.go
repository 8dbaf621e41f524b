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
}

type paths []jsonfields.Path

func names(list ...string) (out paths) {
	for _, name := range list {
		out = append(out, jsonfields.Compile(name))
	}
	return out
}

// shippers are those that are known: the filters of fluentd and fluent-bit, and
// vector; beats and Elastic's agent (ECS); stern -o json; FireLens of ECS, the
// service; and Docker's driver for GELF.
var shippers = []*shipper{
	{key: "kubernetes.pod_name", mark: names("kubernetes.pod_name"), pod: names("kubernetes.pod_name"), namespace: names("kubernetes.namespace_name", "kubernetes.pod_namespace"),
		container: names("kubernetes.container_name"), id: names("kubernetes.docker_id", "kubernetes.container_id"),
		image: names("kubernetes.container_image"), host: names("kubernetes.host", "kubernetes.pod_node_name")},
	{key: "kubernetes.pod.name", mark: names("kubernetes.pod.name"), pod: names("kubernetes.pod.name"), namespace: names("kubernetes.namespace", "kubernetes.namespace.name"),
		container: names("kubernetes.container.name", "container.name"), id: names("container.id", "kubernetes.container.id"),
		image: names("container.image.name", "kubernetes.container.image"), host: names("kubernetes.node.name", "host.name")},
	{key: "podName", mark: names("podName"), pod: names("podName"), namespace: names("namespace"), container: names("containerName"), host: names("nodeName")},
	{key: "container_id", mark: names("container_id"), container: names("container_name"), id: names("container_id")},
	{key: "_container_id", mark: names("_container_id"), container: names("_container_name"), id: names("_container_id"), image: names("_image_name"), host: names("host")},
}

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
		case "container_id": // others have that too
			if !isStream(root.Get("source").Text()) {
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

// read sets in e what an object says of the container.
func (s *shipper) read(e *entry, root jsonfields.Value) {
	e.pod, e.namespace = s.pod.text(root), s.namespace.text(root)
	e.container, e.image, e.host = bytes.TrimPrefix(s.container.text(root), []byte("/")), s.image.text(root), s.host.text(root)
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
