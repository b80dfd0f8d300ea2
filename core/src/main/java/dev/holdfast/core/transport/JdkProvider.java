package dev.holdfast.core.transport;

import java.security.Provider;
import java.security.Security;
import java.util.Optional;
import org.apache.sshd.common.util.security.AbstractSecurityProviderRegistrar;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.common.util.security.eddsa.generic.EdDSASupport;

/** Tells the SSH library to use what the JDK's providers offer, in their own order, and to register no other provider. */
final class JdkProvider extends AbstractSecurityProviderRegistrar {
    private static final String NAME = "SunEC";
    /** Under this name the library would take ciphers and MACs from the provider SunJCE, whatever else is installed. */
    private static final String LIBRARY_S_OWN_CHOICE = "SunJCEWrapper";

    private JdkProvider() {
        super(NAME);
    }

    /** Before the library's first use of cryptography; repeated calls change nothing. */
    static synchronized void install() {
        if (SecurityUtils.isProviderRegistered(NAME)) {
            return;
        }
        SecurityUtils.setAPrioriDisabledProvider(LIBRARY_S_OWN_CHOICE, true);
        SecurityUtils.setAPrioriDisabledProvider(SecurityUtils.BOUNCY_CASTLE, true);
        SecurityUtils.setAPrioriDisabledProvider(SecurityUtils.EDDSA, true);
        SecurityUtils.setMinDHGroupExchangeKeySize(-1);
        SecurityUtils.setMaxDHGroupExchangeKeySize(-1);
        SecurityUtils.registerSecurityProvider(new JdkProvider());
    }

    @Override
    public boolean isSupported() {
        return true;
    }

    @Override
    public boolean isSecurityEntitySupported(Class<?> entityType, String name) {
        return false;
    }

    @Override
    public Provider getSecurityProvider() {
        return Security.getProvider(NAME);
    }

    @Override
    public Optional<EdDSASupport<?, ?>> getEdDSASupport() {
        return Optional.of(JdkEd25519.INSTANCE);
    }
}
