#!/usr/bin/env bash
# A Flink cluster on this machine, from Flink's own artifacts: one JobManager, one TaskManager.
set -euo pipefail

say() { echo "cluster: $*" >&2; }

fail() {
    say "$*"
    exit 1
}

# Processes are told apart by /proc, and older shells take an empty array for an unset variable.
[[ "$(uname -s)" == Linux ]] && ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)) ||
    fail "this needs Linux and bash 4.4 or newer"

here="$(cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")" && pwd)"
project="$(cd "$here/../.." && pwd)"
named="${CLUSTER_DIR:-${TMPDIR:-/tmp}/serveflow-cluster-$(id -u)}"
run="$(realpath -m "$named")"
classpath_file="$here/target/flink.classpath"
job_jar="$project/flink-job/target/serveflow-job.jar"
job_class="io.serveflow.job.ClassificationJob"
start_seconds=240
end_seconds=30

usage() {
    cat <<'TEXT'
cluster.sh start [-Dkey=value ...]      start JobManager and TaskManager; -D wins over config.yaml
cluster.sh submit [-s SAVEPOINT] [--key value ...]
                                        submit the job; submit --help lists the options
cluster.sh list                         jobs of the cluster
cluster.sh taskmanager                  start the TaskManager again after it died
cluster.sh savepoint JOB_ID [DIR|URI]   stop the job with a savepoint; prints its path
cluster.sh cancel JOB_ID                stop the job without one; its last checkpoint stays, for -s
cluster.sh stop                         stop both processes, and any job as cancel does

FLINK_CONF_DIR   directory of config.yaml (conf/ beside this script; conf-16/ is for 16 cores); start
                 remembers it for the other commands
CLUSTER_DIR      logs, process ids, checkpoints, savepoints (a directory under /tmp)
TEXT
}

java_command() {
    if [[ -n "${JAVA_HOME:-}" ]]; then echo "$JAVA_HOME/bin/java"; else command -v java; fi
}

# Flink reaches into the JDK; the same list as in the root pom.
opens=()
for package in java.lang java.util java.nio sun.nio.ch java.time java.net; do
    opens+=("--add-opens=java.base/$package=ALL-UNNAMED")
done

# Process ids and settings are read from there and obeyed, and the name of the usual place is no
# secret: anybody may have made it first.
check_directory() {
    [[ ! -e "$named" && ! -L "${named%/}" ]] ||
        [[ -d "$named" && ! -L "${named%/}" && -O "$named" ]] ||
        fail "$named is not a directory of this user; CLUSTER_DIR names another place"
}

make_directory() {
    mkdir -p "$(dirname "$run")"
    mkdir -m 700 "$run" 2>/dev/null || true # it may be there, and is checked once more if it is
    check_directory
}

# One start at a time: two would overwrite each other's process ids. The lock is that of the open
# file 9, which ends with this shell; no process that it starts may keep it.
lock() {
    command -v flock >/dev/null || return 0
    exec 9>"$run/start.lock"
    # More than 1 says that there are no locks on this file system.
    flock -n 9 || [[ $? != 1 ]] || fail "another start in $run is under way"
}

# The job jar and the class path, if a source is newer or they are missing.
ensure_built() {
    "$project/serveflow" build
}

# Flink's class path goes by environment: a command line of that length is hard to read in ps.
flink() { # log name, JVM options and main class and arguments
    local name="$1"
    shift
    CLASSPATH="$(cat "$classpath_file")" exec "$(java_command)" "${opens[@]}" \
        -Dlog.file="$run/$name.log" \
        -Dlog4j.configurationFile="$FLINK_CONF_DIR/log4j.properties" "$@" 9>&-
}

# What Flink's own start scripts ask: memory sizes of a process, worked out from config.yaml.
resources() { # GET_JM_RESOURCE_PARAMS or GET_TM_RESOURCE_PARAMS
    (flink resources org.apache.flink.runtime.util.bash.BashJavaUtils "$1" \
        --configDir "$FLINK_CONF_DIR" "${properties[@]}") 2>"$run/resources.err" |
        sed -n 's/^BASH_JAVA_UTILS_EXEC_RESULT://p'
}

# A process that ended may stay as a zombie where nobody waits for it, as in many containers.
alive() { # process id
    kill -0 "$1" 2>/dev/null && ! grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null
}

command_line() { # process id; an argument a line
    tr '\0' '\n' <"/proc/$1/cmdline"
}

# Ids are given again, after a reboot above all: what a file names may be somebody else's process by
# now. One that is ending has no command line any more, but still its memory and ports.
running() { # jobmanager or taskmanager
    local pid said
    pid="$(cat "$run/$1.pid" 2>/dev/null)" && [[ "$pid" =~ ^[0-9]+$ ]] && alive "$pid" || return 1
    said="$(command_line "$pid" 2>/dev/null)" || return 1
    [[ -z "$said" || "$said" == *"-Dlog.file=$run/$1.log"* ]]
}

await_end() { # process id, seconds
    local tenth
    for ((tenth = 0; tenth < 10 * $2; tenth++)); do
        alive "$1" || return 0
        sleep 0.1
    done
    return 1
}

answers() { # port
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# What the JobManager's web interface answers; one that hangs must not keep stop from killing it.
ask() { # port, path
    local answer
    exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
    printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$2" >&3
    IFS= read -r -d '' -t 5 -u 3 answer || true # it ends with the connection
    exec 3>&-
    echo "$answer"
}

# The slots that the JobManager has to give.
slots() { # port
    ask "$1" /overview | sed -n 's/.*"slots-total":\([0-9]*\).*/\1/p'
}

setting() { # key: from -D, else from config.yaml
    local value
    value="$(printf '%s\n' "${properties[@]}" | sed -n "s/^-D$1=//p" | tail -n 1)"
    [[ -n "$value" ]] || value="$(sed -n "s/^$1: *//p" "$FLINK_CONF_DIR/config.yaml")"
    echo "$value"
}

# Only flat lines of config.yaml are read here, while Flink reads any YAML.
number() { # key
    local value
    value="$(setting "$1")"
    [[ "$value" =~ ^[1-9][0-9]*$ ]] ||
        fail "no number for $1: write it into $FLINK_CONF_DIR/config.yaml as a line '$1: N', or start with -D$1=N"
    echo "$value"
}

configure() { # directory of config.yaml
    export FLINK_CONF_DIR
    FLINK_CONF_DIR="$(realpath -m "$1")"
    [[ -f "$FLINK_CONF_DIR/config.yaml" ]] ||
        fail "no config.yaml in $FLINK_CONF_DIR; FLINK_CONF_DIR names its directory"
}

place() { # key, directory below the cluster's, the -D given
    local key="$1" directory="$2"
    shift 2
    if [[ ! " $* " == *" -D$key="* ]] && ! grep -q "^$key:" "$FLINK_CONF_DIR/config.yaml"; then
        properties+=("-D$key=file://$run/$directory")
    fi
}

start() {
    configure "${FLINK_CONF_DIR:-$here/conf}"
    # Below the cluster's own directory, unless -D or config.yaml say otherwise.
    properties=()
    place execution.checkpointing.dir checkpoints "$@"
    place execution.checkpointing.savepoint-dir savepoints "$@"
    properties+=("$@")
    local port wanted process jvm said
    port="$(number rest.port)"
    wanted="$(number taskmanager.numberOfTaskSlots)"
    ensure_built # it may take minutes: what is looked at before may be otherwise afterwards
    make_directory
    lock
    for process in jobmanager taskmanager; do
        running "$process" && fail "already running; stop it first"
    done
    # Its slots would be taken for ours, while our JobManager ends for want of the port.
    answers "$port" &&
        fail "something else answers at 127.0.0.1:$port; stop it, or start with -Drest.port=PORT"
    printf '%s\n' "${properties[@]}" >"$run/properties"
    echo "$FLINK_CONF_DIR" >"$run/configuration"
    trap stop EXIT # half a cluster is none
    jvm="$(resources GET_JM_RESOURCE_PARAMS | sed -n 1p | grep .)" || refused
    said="$(resources GET_TM_RESOURCE_PARAMS | grep .)" || refused
    # shellcheck disable=SC2086  # JVM options are words
    flink jobmanager $jvm \
        org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint \
        --configDir "$FLINK_CONF_DIR" "${properties[@]}" >"$run/jobmanager.out" 2>&1 &
    echo $! >"$run/jobmanager.pid"
    start_taskmanager "$said"
    await_slots "$port" "$wanted"
    trap - EXIT
}

refused() {
    local why
    why="$(cause "$run/resources.err" || echo "no reason given")"
    fail "config.yaml or a -D is refused: ${why%.}; more in $run/resources.err"
}

taskmanager() {
    local port wanted said
    # A process that was just killed is still there while its memory is given back.
    if running taskmanager; then
        say "waiting for the old TaskManager to end, $end_seconds s at most"
        await_end "$(cat "$run/taskmanager.pid")" "$end_seconds" || fail "the TaskManager is running"
    fi
    read_settings
    port="$(number rest.port)"
    wanted="$(number taskmanager.numberOfTaskSlots)"
    running jobmanager || fail "no JobManager is running; stop what is left and start again"
    said="$(resources GET_TM_RESOURCE_PARAMS | grep .)" || refused
    start_taskmanager "$said"
    await_slots "$port" "$wanted"
}

start_taskmanager() { # what resources said: a line of JVM options, a line of dynamic properties
    local jvm dynamic
    jvm="$(sed -n 1p <<<"$1")"
    dynamic="$(sed -n 2p <<<"$1")"
    # shellcheck disable=SC2086  # JVM options and dynamic properties are words
    flink taskmanager $jvm -XX:+UseParallelGC \
        org.apache.flink.runtime.taskexecutor.TaskManagerRunner \
        --configDir "$FLINK_CONF_DIR" $dynamic "${properties[@]}" >"$run/taskmanager.out" 2>&1 &
    echo $! >"$run/taskmanager.pid"
}

# The -D that the cluster was started with, and its configuration unless FLINK_CONF_DIR names another.
read_settings() {
    [[ -f "$run/properties" && -f "$run/configuration" ]] || fail "no cluster in $run; start one"
    mapfile -t properties < <(grep . "$run/properties")
    configure "${FLINK_CONF_DIR:-$(cat "$run/configuration")}"
}

await_slots() { # port, slots
    local port="$1" wanted="$2" have second process
    for ((second = 0; second < start_seconds; second++)); do
        have="$(slots "$port" 2>/dev/null || true)"
        # After the question: whoever answered it, both must have been there. Not by their command
        # line, which a process that has just been started does not have yet.
        for process in jobmanager taskmanager; do
            alive "$(cat "$run/$process.pid")" ||
                fail "the $process ended, see $run/$process.log and .out"
        done
        if [[ "${have:-0}" -ge "$wanted" ]]; then
            say "$have slots, web interface http://127.0.0.1:$port, logs in $run"
            return 0
        fi
        sleep 1
    done
    fail "no slots after $start_seconds s, see $run/jobmanager.log and taskmanager.log"
}

need_cluster() {
    [[ -d "$run" ]] ||
        fail "no cluster was started in $run; cluster.sh start does, and CLUSTER_DIR names another place"
}

client() {
    local properties=()
    read_settings
    local action="$1"
    shift
    (flink client org.apache.flink.client.cli.CliFrontend "$action" "${properties[@]}" "$@")
}

# For the client, a program that only prints its help has failed; and it needs no cluster.
submit_help() {
    ensure_built
    CLASSPATH="$job_jar:$(cat "$classpath_file")" "$(java_command)" "$job_class" --help
}

submit() {
    if [[ "${1:-}" == "--help" || "${1:-}" == "-h" ]]; then
        submit_help
        return
    fi
    need_cluster
    ensure_built
    local from=()
    if [[ "${1:-}" == "-s" ]]; then
        from=(-s "${2:?-s needs the path of a savepoint}")
        shift 2
    fi
    # A wrong option or model is said in one line; the client's stack trace is in its log.
    client run -d "${from[@]}" -c "$job_class" "$job_jar" "$@" 2>"$run/submit.err" || {
        fail "$(cause "$run/submit.err" || echo "not submitted"); more in $run/submit.err"
    }
}

# What the client's stack trace says at last: ours, if one of them is.
cause() { # file
    sed -n 's/^Caused by: io\.serveflow\.[A-Za-z.]*: //p' "$1" | grep . | tail -n 1 ||
        sed -n 's/^\(Caused by: \)\{0,1\}[A-Za-z.]*Exception: //p' "$1" | grep . | tail -n 1
}

savepoint() {
    local job="${1:-}" target="${2:-}" path=()
    [[ "$job" =~ ^[0-9a-f]{32}$ ]] || fail "savepoint needs the id of a job; cluster.sh list tells it"
    need_cluster
    # Without one it goes where the cluster's own setting says.
    if [[ -n "$target" ]]; then
        [[ "$target" =~ ^[A-Za-z][A-Za-z0-9+.-]*: ]] || target="file://$(realpath -m "$target")"
        path=(--savepointPath "$target")
    fi
    client stop "${path[@]}" "$job" >"$run/savepoint.out" 2>"$run/savepoint.err" &&
        sed -n 's/^Savepoint completed. Path: //p' "$run/savepoint.out" | grep . ||
        fail "$(cause "$run/savepoint.err" || echo "no savepoint of $job"); more in $run/savepoint.err"
}

cancel() {
    local job="${1:-}"
    [[ "$job" =~ ^[0-9a-f]{32}$ ]] || fail "cancel needs the id of a job; cluster.sh list tells it"
    need_cluster
    client cancel "$job" >"$run/cancel.out" 2>"$run/cancel.err" ||
        fail "$(cause "$run/cancel.err" || echo "$job is not cancelled"); more in $run/cancel.err"
    echo "cancelled $job"
}

list() {
    need_cluster
    client list 2>"$run/list.err" ||
        fail "$(cause "$run/list.err" || echo "no answer"); more in $run/list.err"
}

# Flows that wait are in no topic but only in the job's checkpoint.
warn_of_jobs() {
    local properties=() port job directory
    running jobmanager || return 0
    read_settings
    port="$(number rest.port)"
    for job in $(ask "$port" /jobs | grep -o '{"id":"[0-9a-f]*","status":"[A-Z]*"}' |
        grep -vE '"(FINISHED|CANCELED|FAILED)"' | cut -d '"' -f 4); do
        directory="$(ask "$port" "/jobs/$job/checkpoints" |
            sed -n 's/.*"external_path":"\([^"]*\)\/chk-[0-9]*".*/\1/p')"
        if [[ -n "$directory" ]]; then
            say "job $job runs: submit -s the newest chk-N in $directory next, or flows that wait get no verdict"
        else
            say "job $job runs and has no checkpoint: flows that wait get no verdict"
        fi
    done
}

stop() {
    local process pid
    (warn_of_jobs) || true # whatever the JobManager answers
    for process in taskmanager jobmanager; do
        running "$process" || continue
        pid="$(cat "$run/$process.pid")"
        kill "$pid" 2>/dev/null || true # it may have ended by itself
        await_end "$pid" "$end_seconds" || kill -9 "$pid"
    done
    rm -f "$run"/{jobmanager,taskmanager}.pid "$run"/{properties,configuration}
}

java_command >/dev/null || fail "no Java found; install a JDK 17 or newer"
command="${1:-}"
[[ $# -gt 0 ]] && shift
case "$command" in
    start | submit | list | taskmanager | savepoint | cancel | stop)
        check_directory
        "$command" "$@"
        ;;
    *)
        usage
        [[ "$command" == "" || "$command" == "--help" || "$command" == "-h" ]] || exit 2
        ;;
esac
