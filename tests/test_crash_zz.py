from test_crash import *
import time
def test_cnt(there):
    for n,s in SCENES.items():
        t=time.process_time(); k=sum(1 for _ in images(there,s)); print(n,k,round(time.process_time()-t,2), end=' ')
        t=time.process_time(); ending(there,n); print(round(time.process_time()-t,2), there.statements[n])
    h=there.at(there.states['pushed'])
    for verb in ('pull','sync','push','score','status'):
        t=time.process_time(); w=time.time(); h.ok(verb); h.ok(verb); h.ok(verb); print(verb, (time.process_time()-t)/3,(time.time()-w)/3)
    t=time.process_time(); there.ending(h); print('ending',time.process_time()-t)
