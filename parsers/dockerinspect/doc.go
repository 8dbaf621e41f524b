// Package dockerinspect reads descriptions of containers and images: what was
// in their environment, what of the host they could reach. They are no log of
// acts, but evidence of what whoever inspected them was given.
//
// # Format
//
// JSON objects, alone or in an array, of these shapes:
//
//	docker, podman, nerdctl inspect   {"Id":...,"State":{...},"HostConfig":{...},"Mounts":[...],"Config":{"Env":[...]}}
//	docker image inspect              {"Id":"sha256:...","RepoTags":[...],"Config":{"Env":[...]}}
//	config.v2.json, config.json       {"State":{...},"ID":...,"Config":{"Env":[...]},"MountPoints":{...}}
//	hostconfig.json                   {"Binds":[...],"NetworkMode":"default","RestartPolicy":{...},...}
//	crictl inspect                    {"status":{...},"info":{"runtimeSpec":{"process":{"env":[...]}}}}
//	OCI runtime, OCI image            {"ociVersion":...,"process":{"env":[...]}}, {"architecture":...,"config":{"Env":[...]}}
//
// # Time
//
// When the container or image was created, else when it was last started, else
// that of the envelope. It is not when the description was taken.
//
// # Fields
//
// Those of docker inspect, whatever the shape: mapping.go has the table of all fields, which
// `tideline rules show --fields` prints. Facts have the action
// "configured", no principal, and the outcome allowed.
//
// # Grouping
//
// An object is an event. config.v2.json and hostconfig.json of one container are
// two, tied by the container's id, which hostconfig.json has from its path only.
//
// # Losses
//
// A container that is gone has left no description. Of a damaged object the
// members before the damage are read.
//
// # Sources
//
// moby/moby: container/container.go, api/types/container; docker/cli inspect;
// cri-tools: crictl inspect; opencontainers: runtime-spec config.md 1.2, image-spec
// config.md 1.1.
package dockerinspect
