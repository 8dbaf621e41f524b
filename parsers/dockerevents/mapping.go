package dockerevents

import "tideline/parsers"

// mapping is what the fields of rules stand for, whatever generation or text a
// record is in.
var mapping = []parsers.Mapping{
	{Field: "*", Is: "the member of the record by its name in JSON: Type, Actor.ID, Actor.Attributes.image, scope, time; of podman and compose by their own names"},
	{Field: "Action", Is: `the action; of "exec_create: sh -c id" also "exec_create"`},
	{Field: "docker.action", Is: "its first word, podman's in Docker's words; of an exec_start whose exec_create is not in the log, both"},
	{Field: "docker.cmd", Is: `what is behind ": ", and its plain spelling if it is odd (//, /./, '')`},
	{Field: "CommandLine", Is: "the same, of exec_create and exec_start only: arguments that the engine joined by blanks"},
	{Field: "docker.healthcheck", Is: "true for an exec that is one of a rhythm"},
	{Field: "docker.foreground", Is: "true for an attach that comes with docker run or podman run: before a container that was created is started, or within a second"},
	{Field: "container_name", Is: "Actor.Attributes.name, unless the record has the key"},
	{Field: "container.id container.name container.image container.pod container.namespace", Is: "of the container concerned"},
	{Field: "user Command", Is: "of feeds enriched by someone; no engine writes them"},
}
