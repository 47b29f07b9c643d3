# Prints every include that the table of modules does not allow.
# The first file is the table; the others are sources, named from the root of the tree.

FILENAME == ARGV[1] {
    if ($1 == "module") {
        is_module[$2] = 1
        for (i = 3; i <= NF; i++)
            may[$2, $i] = 1
    } else if ($1 == "header") {
        owner["chunkwise/" $2] = $3
    }
    next
}

function complain(words)
{
    printf "%s:%d: %s\n", FILENAME, FNR, words
    wrong = 1
}

# The module of a source file.
function home(path,    parts, count)
{
    count = split(path, parts, "/")
    if (parts[1] == "include" && count == 3)
        return owner[parts[2] "/" parts[3]]
    return parts[1] == "src" && count >= 3 ? parts[2] : ""
}

# The module of what is included: "" for what is none of ours.
function target(path,    parts)
{
    split(path, parts, "/")
    if (parts[1] == "chunkwise")
        return path in owner ? owner[path] : "?"
    return parts[1] in is_module && path ~ /\// ? parts[1] : ""
}

FNR == 1 {
    from = home(FILENAME)
    if (!(from in is_module))
        complain("is in no module of the table")
}

/^[ \t]*#[ \t]*include/ {
    path = $0
    sub(/^[ \t]*#[ \t]*include[ \t]*/, "", path)
    bracket = substr(path, 1, 1)
    if (bracket != "<" && bracket != "\"") {
        complain("includes what cannot be told: " path)
        next
    }
    path = substr(path, 2)
    sub(/[>"].*/, "", path)
    to = target(path)
    if (to == "?")
        complain(path " is a public header that the table does not know")
    else if (to == "" && bracket == "\"" && path != "config.h")
        complain("\"" path "\" is in no module: write \"module/file.h\"")
    else if (to != "" && to != from && !((from, to) in may) && !((from, path) in may) &&
             !((from, "all") in may && to != "everything"))
        complain(from " may not include " path)
}

END {
    exit wrong
}
