"""A stand-in for Login.gov on this machine: allauth's own OpenID provider, with people instead of passwords.

It is a process, a database and a settings module of its own, for whoever signs in there must not thereby be signed
in here. What Login.gov demands and allauth's provider does not know is asked before it: `gates`.
"""
