#!/bin/bash
# `make attack`: lets wapiti and sqlmap loose on a portal of one's own, for about a quarter of an hour.
# What they find is printed, and is in the folder named last. COOKIE makes them somebody who is logged in.
set -u
url="${1:?the address of a portal of your own, as in http://localhost:8000}"
case "$url" in
    http://localhost:*|http://127.0.0.1:*) ;;
    *) echo "Only a portal on this machine is attacked." >&2; exit 2 ;;
esac
for program in wapiti sqlmap; do
    command -v "$program" >/dev/null || { echo "$program is missing: apt-get install wapiti sqlmap" >&2; exit 2; }
done
out="$(mktemp -d)"
cookie="${COOKIE:-}"
modules=backup,blindsql,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,methods,permanentxss,redirect,sql,xss

# Neither asks anybody elsewhere: the modules that need a server of their makers are left out.
wapiti -u "$url/" --scope folder -m "$modules" ${cookie:+-H "Cookie: $cookie"} \
    --max-scan-time 200 --max-attack-time 60 --max-links-per-page 25 --max-files-per-dir 12 -d 3 \
    --no-bugreport --flush-session --store-session "$out" --store-config "$out" \
    -f json -o "$out/wapiti.json" >"$out/wapiti.log" 2>&1
python3 - "$out/wapiti.json" <<'END'
import json, sys
found = json.load(open(sys.argv[1]))
for kind in ("vulnerabilities", "anomalies"):
    for name, cases in found[kind].items():
        for case in cases:
            print(f"wapiti: {name}: {case['method']} {case['path']} {case['info'].splitlines()[0]}")
END

cat >"$out/addresses" <<END
$url/library/?q=rain&theme=health&sort=newest&page=1
$url/demands/?q=water&theme=health&country=KE
$url/organizations/?q=ministry&country=KE&category=government
$url/search/?q=water
$url/library/oai?verb=ListRecords&metadataPrefix=oai_dc&set=x&from=2020-01-01
END
common=(--batch --disable-coloring --level 1 --risk 1 --dbms PostgreSQL --timeout 20 --output-dir "$out")
sqlmap -m "$out/addresses" "${common[@]}" ${cookie:+--cookie "$cookie"} >"$out/sqlmap.log" 2>&1
sqlmap -u "$url/login/" --data "login=a@example.org&password=b&csrfmiddlewaretoken=x" "${common[@]}" \
    --csrf-token csrfmiddlewaretoken --csrf-url "$url/login/" --csrf-method GET -p login,password \
    >>"$out/sqlmap.log" 2>&1
grep -E "is vulnerable|identified the following injection" "$out/sqlmap.log" | sed 's/^/sqlmap: /'
tested=$(grep -c "does not seem to be injectable" "$out/sqlmap.log")
echo "sqlmap tried $tested parameters and found the above. Everything is in $out"
