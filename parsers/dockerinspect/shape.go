package dockerinspect

import (
	"bytes"

	"tideline/parsers/internal/jsonfields"
	"tideline/parsers/internal/words"
)

// A shape is whose description of a container or image an object is.
type shape uint8

const (
	none      shape = iota
	container       // docker inspect, podman inspect, nerdctl inspect, config.v2.json, config.json
	image           // docker image inspect
	imageFile       // an image's own configuration (OCI image-spec, graph/<id>/json)
	host            // hostconfig.json: the part of a container's description that config.v2.json lacks
	crictl          // crictl inspect
	runtime         // config.json of a bundle (OCI runtime-spec)
)

// shapeOf tells the shape by keys that only it has. Of an object that was cut
// the first ones have to do.
func shapeOf(v jsonfields.Value) shape {
	has := func(keys ...string) bool {
		for _, key := range keys {
			if v.Get(key).Kind() == jsonfields.Absent {
				return false
			}
		}
		return true
	}
	id := v.Get("Id").Text()
	switch {
	case v.Kind() != jsonfields.Object:
		return none
	case has("ociVersion", "process"):
		return runtime
	case has("status", "info") && v.Get("info").Kind() == jsonfields.Object && has("status") && v.Get("status").Get("id").Kind() == jsonfields.String:
		return crictl
	case bytes.HasPrefix(id, []byte("sha256:")) || has("Id", "RepoTags"):
		return image
	case has("State") && (has("ID", "Config") || has("Id", "Created") || has("Config", "Image")), has("Id", "Created", "Path", "Args"):
		return container
	case has("architecture", "os") && has("config"), has("id", "container_config"):
		return imageFile
	case has("NetworkMode", "RestartPolicy"), has("Binds", "LogConfig"), has("Binds", "ContainerIDFile"):
		return host
	}
	return none
}

// shapeWords are keys and values of which every shape has some: all of a row.
var shapeWords = [...][]string{
	{"ociVersion"}, {"status", "info"}, {"sha256:"}, {"RepoTags"}, {"State"}, {"Created", "Args"}, {"config"}, {"NetworkMode"}, {"Binds"},
}

// anyShape is one of the words of each; a key may be spelled with escapes.
var anyShape = words.New("ociVersion", "status", "sha256:", "RepoTags", "State", "Args", "config", "NetworkMode", "Binds", `\u`)

// mayHaveShape says no of most objects without parsing them.
func mayHaveShape(text []byte) bool {
	if !anyShape.In(text) {
		return false
	}
	for _, words := range shapeWords {
		has := true
		for _, w := range words {
			has = has && bytes.Contains(text, []byte(w))
		}
		if has {
			return true
		}
	}
	return bytes.Contains(text, []byte(`\u`)) // a key may be spelled with escapes
}

// An alias is another name of a field in objects of one shape: of the field
// itself, or of everything below it if both end in a dot.
type alias struct{ asked, actual string }

// aliases lead from the names of docker inspect, by which rules ask, to those
// of the other shapes.
var aliases = [...][]alias{
	container: {{"Id", "ID"}},
	imageFile: {{"Id", "id"}, {"Created", "created"}, {"Config.", "config."}, {"Config.", "container_config."}},
	host:      {{"HostConfig.", ""}},
	crictl: {
		{"Id", "status.id"}, {"Name", "status.metadata.name"}, {"Created", "status.createdAt"}, {"State.StartedAt", "status.startedAt"},
		{"State.Status", "status.state"}, {"Config.Image", "status.image.image"}, {"Image", "status.imageRef"},
		{"Config.Labels.", "status.labels."}, {"Config.Env", "info.runtimeSpec.process.env"}, {"Args", "info.runtimeSpec.process.args"},
		{"Mounts.Source", "info.runtimeSpec.mounts.source"}, {"Mounts.Destination", "info.runtimeSpec.mounts.destination"},
		{"Mounts.Type", "info.runtimeSpec.mounts.type"}, {"HostConfig.Privileged", "info.privileged"},
		{"HostConfig.CapAdd", "info.config.linux.security_context.capabilities.add_capabilities"},
	},
	runtime: {
		{"Config.Env", "process.env"}, {"Args", "process.args"}, {"Config.Hostname", "hostname"}, {"Mounts.Source", "mounts.source"},
		{"Mounts.Destination", "mounts.destination"}, {"Mounts.Type", "mounts.type"}, {"Config.Labels.", "annotations."},
	},
}
