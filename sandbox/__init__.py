"""Practice systems that speak the real protocols on loopback, and the example institution they serve.

    from sandbox.institution import example
    from sandbox.elements import practice_elements
    from sandbox.faults import Fault

    institution = example()                                      # the same every time; 400 outputs, 60 people
    with practice_elements(institution, version="6.13") as server:
        ...                                                      # pull from server.url (.username, .password)
        institution.change_output(institution.named["emoji"], privacy="private")
        server.faults.append(Fault("status", address="/users", status=504))
        ...                                                      # pull again; server.requests tells what was asked
    institution.write_files(Path("import"))                      # the same institution for the files connector

    with practice_dspace(items_of(institution), version="9") as server:      # sandbox.dspace, sandbox.dspace.items
        ...                                                      # write to server.url; server.writes tells what came
        server.edit(uuid, "local.attention.score", "by hand")    # somebody else edits
        server.faults.append(DSpaceFault("hang up after", method="PATCH"))   # stored, and the answer is lost

    with practice_oai(ways=Ways(tokens="offset")) as server:      # sandbox.oai
        server.repository.put(OaiRecord(...))                    # harvest server.url

By hand: `python -m sandbox elements --port 8091 --version 5.5`, `python -m sandbox dspace --version 8`.

Each is driven by `ringmark connector test` through `sandbox.practice_*`, found as entry points (`ringmark.practice`).

Nothing here knows the connectors, the store or the score, and of the application only `ringmark demo` knows this.
What no public source shows of Elements is guessed here and says so: the words of `status` and `decision` on an ORCID,
where v6.13 puts an error, `legacy-groups`, and 410 for what was merged. DSpace is practised after its public contract,
and where the released source does otherwise, after the source.
"""
