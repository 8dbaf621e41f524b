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
// Those of docker inspect, whatever the shape:
//
//	Config.Env                 one value per variable, NAME=value
//	Mounts.Source .Destination .Type .RW
//	HostConfig.Binds .Privileged .CapAdd .PidMode .NetworkMode .SecurityOpt .Devices ...
//	Id, Name, Created, Path, Args, State.*, Config.*, Image
//	container.id .name .image .pod .namespace
//
// and every member of an object by its own name. Facts have the action
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
